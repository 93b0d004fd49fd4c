"""How soon the page of a report with many errors shows something, how long it takes to build, and how fast it filters.

    PYTHONPATH=tests:tests/evaluation python benchmarks/page_speed.py

Needs Chromium. Its times are the browser's own, in milliseconds; down to the charts they count from the start of the
navigation.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from pathlib import Path

import made_reports as made

from chromium import find_chromium, open_page
from tagloom.evaluation.page.page import report_page

MEASURING = """
const browser = document.querySelector(".browser");
const paint = (name) => performance.getEntriesByName(name)[0]?.startTime;
const done = () => until(() => browser.dataset.state === "done");
const longest = { task: 0 };
const watch = () => new PerformanceObserver((list) => {
  for (const each of list.getEntries()) longest.task = Math.max(longest.task, each.duration);
}).observe({ type: "longtask" });
const timed = async (name, value, kind) => {
  const start = performance.now();
  browser.dataset.state = "asked";
  browser.querySelector(name).value = value;
  browser.querySelector(name).dispatchEvent(new Event(kind));
  await done();
  return performance.now() - start;
};
await until(() => paint("first-contentful-paint"));
await done();
const ready = performance.now();
const parsed = performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd;
await until(() => [...document.querySelectorAll(".chart")].every((chart) => chart.querySelector(".main-svg")));
const drawn = performance.now();
await pause(300);
watch();
const filter = await timed(".fault", "0", "change");
const first = await timed(".search", "zzz", "input") - 150;
const again = await timed(".search", "two days", "input") - 150;
await pause(100);
return { "first paint": paint("first-paint"), "first content": paint("first-contentful-paint"), "parsed": parsed,
         "errors shown": ready, "all charts drawn": drawn, "filter by fault": filter, "first search": first,
         "second search": again, "longest task while filtering": longest.task };
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", type=int, default=30_000)
    parser.add_argument("--words", type=int, default=25)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    program = find_chromium()
    if program is None:
        raise SystemExit("no Chromium is installed; `apt-get install chromium` brings one")
    failures = [made.failure(number, num_words=options.words) for number in range(options.failures)]
    report = made.report(details=made.details(failures=failures))
    start = time.perf_counter()
    page = report_page("many errors", {"test": report}, history=made.history(), diagnosis=made.diagnosis()).render()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{options.failures:,} errors of {options.words} words: a page of {len(page) / 1e6:.1f} MB"
    print(f"{told} in {seconds:.1f} s, {peak:,.0f} MB at most")
    runs = []
    for _ in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(open_page(program, page, Path(folder), script=MEASURING).told)
    for name in runs[0]:
        figures = [run[name] for run in runs]
        print(f"{name:32} {statistics.median(figures):8,.0f} ms  (of {json.dumps([round(each) for each in figures])})")


if __name__ == "__main__":
    main()
