# The project's virtual environment. The scripts beside this file source it, then call `ensure_venv EXTRAS`.
# Sets `root`, the repository's folder, and `venv`, its .venv.

root=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
stamp=$venv/installed.txt # the checksum of what pip was told, then the extras installed since, one a line

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$(basename -- "$0"): $*"
    exit 1
}

require_python() { # PROGRAM ADVICE
    local version
    version=$("$1" -c 'import sys; print(*sys.version_info[:3], sep="."); sys.exit(sys.version_info < (3, 11))' 2>/dev/null) ||
        fail "$1: expected Python 3.11 or newer, received ${version:-none that runs}. $2"
}

make_venv() {
    local python=${PYTHON:-python3}
    require_python "$python" "Install one, or name one: PYTHON=python3.11 $0"
    say "Making .venv with $python"
    "$python" -m venv "$venv" || fail "$python -m venv failed, see above. Install the venv module of this Python."
}

stamped() { # LINE...
    local line
    for line in "$@"; do
        grep -qxF -e "$line" "$stamp" 2>/dev/null || return 1
    done
}

# Makes .venv where it is missing, and installs the project into it, editable, with the extras (`train,test`).
# Returns at once where that was done before and neither pyproject.toml nor constraints.txt has changed since.
ensure_venv() {
    local checksum extras started=$SECONDS
    IFS=, read -ra extras <<<"$1"
    [[ -x $venv/bin/pip ]] || make_venv
    require_python "$venv/bin/python" "Remove .venv and run this again."
    checksum=$(cat "$root/pyproject.toml" "$root/constraints.txt" | cksum)
    if stamped "$checksum" "${extras[@]}"; then return; fi
    stamped "$checksum" || : >"$stamp" # other versions are asked for: no extra counts as installed any more
    say "Installing tagloom[$1] into .venv (minutes, the first time)"
    (cd "$root" && "$venv/bin/python" -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[$1]") ||
        fail "pip could not install tagloom[$1], see above. Mend pyproject.toml, constraints.txt or the network."
    printf '%s\n' "$checksum" "${extras[@]}" >>"$stamp"
    say "Installed in $((SECONDS - started)) s"
}
