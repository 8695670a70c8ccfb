#!/bin/sh
# One command each: sets up what is missing, then does the job.
#   ./villagedesk.sh demo [--headless] [--dir DIR]   practice town, whole main job
#   ./villagedesk.sh run …                            the program; arguments are passed on
#   ./villagedesk.sh test [pytest arguments]          contracts, types, style, tests
#   ./villagedesk.sh translate                        the window's texts into resources/i18n/villagedesk_en.ts, and the .qm
#   ./villagedesk.sh package                          one-folder program in dist/villagedesk, which then checks itself
# Nothing is asked. System libraries are installed only where they are missing, on Debian-family systems.
set -eu
cd "$(dirname "$0")"

say() { printf '%s\n' "$*" >&2; }

usable_python() {
    for candidate in ${VILLAGEDESK_PYTHON:-} python3.11 python3.12 python3.13 python3 python; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if "$candidate" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 14)))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

# shared object = Debian package, one pair a line
LIBRARIES="libEGL.so.1=libegl1 libGL.so.1=libgl1 libgthread-2.0.so.0=libglib2.0-0 libdbus-1.so.3=libdbus-1-3
libfontconfig.so.1=libfontconfig1 libxkbcommon.so.0=libxkbcommon0 libbrotlidec.so.1=libbrotli1
libxkbcommon-x11.so.0=libxkbcommon-x11-0 libxcb-cursor.so.0=libxcb-cursor0 libxcb-icccm.so.4=libxcb-icccm4
libxcb-keysyms.so.1=libxcb-keysyms1 libxcb-shape.so.0=libxcb-shape0"

missing_packages() {
    command -v ldconfig >/dev/null 2>&1 || PATH=$PATH:/sbin:/usr/sbin
    known=$(ldconfig -p)
    for pair in $LIBRARIES; do
        case "$known" in *"${pair%%=*}"*) ;; *) printf ' %s' "${pair#*=}" ;; esac
    done
    if ! python=$(usable_python) || ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        printf ' python3 python3-venv'
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else say "Needs root once: $*"; return 1
    fi
}

install_libraries() {
    [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null 2>&1 || return 0
    packages=$(missing_packages)
    [ -n "$packages" ] || return 0
    say "Installing system libraries:$packages"
    as_root apt-get update -qq || say "apt-get update failed; trying with the lists at hand"
    # shellcheck disable=SC2086 # a list of package names
    as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null
}

set_up() {
    install_libraries
    python=$(usable_python) || { say "Python 3.11, 3.12 or 3.13 is needed."; exit 1; }
    wanted=$(cksum < requirements.lock; "$python" -V)
    [ -f .venv/.lock-sum ] && [ "$(cat .venv/.lock-sum)" = "$wanted" ] && return 0
    say "Making .venv with $("$python" -V)"
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
    printf '%s\n' "$wanted" > .venv/.lock-sum
}

check() {
    .venv/bin/ruff check villagedesk tests benchmarks
    .venv/bin/ruff format --check villagedesk tests benchmarks
    .venv/bin/mypy
    .venv/bin/lint-imports
}

package() {
    .venv/bin/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build build_installer.spec
    program=$PWD/dist/villagedesk/villagedesk
    # nothing of this checkout may help it: empty environment, another folder
    (cd / && env -i "$program" --selfcheck)
    say "$(du -sm dist/villagedesk | cut -f1) MB in dist/villagedesk"
}

translate() {
    texts=resources/i18n/villagedesk_en
    # Chinese is the language of the sources and needs no file, plural forms included
    # shellcheck disable=SC2046 # a list of module names without blanks
    .venv/bin/pyside6-lupdate -locations none -no-obsolete -source-language zh_CN -target-language en \
        $(find villagedesk/ui villagedesk/app.py -name '*.py' | LC_ALL=C sort) -ts "$texts.ts"
    # lupdate takes every "#:" for a word to the translator; ours document constants
    sed -i.old -e '/<extracomment>.*<\/extracomment>/d' -e '/<extracomment>/,/<\/extracomment>/d' "$texts.ts" && rm "$texts.ts.old"
    .venv/bin/pyside6-lrelease "$texts.ts" -qm "$texts.qm"
}

task=${1:-demo}
[ $# -eq 0 ] || shift
case "$task" in demo|run|test|translate|package|setup) ;; *) say "usage: $0 demo|run|test|translate|package|setup"; exit 2 ;; esac
set_up
if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && [ "$(uname -s)" != Darwin ]; then
    export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
fi
case "$task" in
    setup) ;;
    demo) exec .venv/bin/python -m villagedesk demo "$@" ;;
    run) exec .venv/bin/python -m villagedesk "$@" ;;
    translate) translate ;;
    package) package ;;
    test)
        if [ $# -eq 0 ]; then
            check
            set -- -n 2
        fi
        QT_QPA_PLATFORM=offscreen exec .venv/bin/python -m pytest "$@"
        ;;
esac
