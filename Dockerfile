# The API in a small image, without torch: docker build -t tagloom . (docs/deploy.md says how it is run)

FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY src src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir wheels .
RUN python -m venv --without-pip /opt/tagloom \
 && pip --python /opt/tagloom install --no-cache-dir -c constraints.txt "$(echo wheels/tagloom-*.whl)[serve]"

FROM python:3.11-slim
RUN groupadd --gid 10001 tagloom \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tagloom \
 && install --directory --owner tagloom --group tagloom --mode 0700 /var/lib/tagloom
COPY --from=build /opt/tagloom /opt/tagloom
ENV PATH=/opt/tagloom/bin:$PATH \
    TAGLOOM_STATE=/var/lib/tagloom \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /var/lib/tagloom
EXPOSE 8000
# Not through a proxy that the environment may name.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["tagloom"]
CMD ["serve", "--host", "0.0.0.0"]
