#!/usr/bin/env bash
# Installs what the tests need (Debian packages, npm and Python packages), builds, and runs every test.
# Needs Rust, Node with npm, Python 3 and apt; asks for nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive TUMEN_CLIENTS=required
TUMEN_SHARED=$(cd "${TUMEN_SHARED:-../shared}" 2>/dev/null && pwd) || { echo "tests/run.sh: ../shared is not there; set TUMEN_SHARED" >&2; exit 1; }
export TUMEN_SHARED

say() { printf '\n== %s\n' "$*"; }
missing() { echo "tests/run.sh: $1 is missing, and $2" >&2; exit 1; }

for tool in cargo node npm python3; do
  command -v "$tool" >/dev/null || missing "$tool" "this script does not install it"
done

packages=()
command -v ogrinfo >/dev/null || packages+=(gdal-bin)
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || packages+=(chromium)
command -v curl >/dev/null || packages+=(curl)
command -v xmllint >/dev/null || packages+=(libxml2-utils)
python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  say "installing ${packages[*]}"
  command -v apt-get >/dev/null || missing "${packages[*]}" "there is no apt-get to install it"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || missing "${packages[*]}" "only root can install it"
    as_root=(sudo -n --preserve-env=DEBIAN_FRONTEND)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

say 'the viewer and the fonts'
(cd src/http/viewer && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build)

say 'Python packages'
venv=target/clients-venv
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt
TUMEN_PYTHON=$PWD/$venv/bin/python
# MapProxy's package carries the schemas of the OGC; nothing of it is run, so that it needs none of its own dependencies.
"$TUMEN_PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps mapproxy==7.0.0
TUMEN_OGC_SCHEMAS=$("$TUMEN_PYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/mapproxy/test/schemas
export TUMEN_PYTHON TUMEN_OGC_SCHEMAS

say 'the tests'
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run --no-fail-fast "$@"
else
  cargo test --no-fail-fast "$@"
fi
