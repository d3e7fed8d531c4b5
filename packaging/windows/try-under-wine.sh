#!/usr/bin/env bash
# Tries the Windows programs under Wine, which is not Windows: it shows that they start, speak with
# a server elsewhere, reach WMI and draw their window.
#
#   bash packaging/windows/try-under-wine.sh FOLDER SIMULATOR
#
# FOLDER holds what packaging/windows/build.sh built with `--features wmi-probe`; SIMULATOR is the
# program masequencer of this system, whose simulator the Windows programs talk to. MASEQUENCER_PYTHON
# is a Python with pyspnego. The picture of the designer's window is left in the target folder for a
# person to look at.
set -euo pipefail

folder=$(cd "$1" && pwd)
simulator=$(realpath "$2")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
wine_tests=$PWD/tests/wine
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/tmp"
target=$(cd "$target" && pwd)
picture=$target/tmp/designer-under-wine.png
work=$(mktemp -d "$target/tmp/wine.XXXXXX")

export WINEPREFIX=$work/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml="
unset DISPLAY WAYLAND_DISPLAY MASEQUENCER_PASSWORD
secret=pass-$RANDOM$RANDOM

# What was started here, by process; everything else is left alone.
started=()
clean() {
  local code=$? process
  # Ends what runs under this prefix, and nothing of another.
  [ ! -d "$WINEPREFIX" ] || wineserver -k || true
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  if [ "$code" != 0 ]; then
    echo "try-under-wine: failed; the last output:" >&2
    tail -n 40 "$work/out" "$work/err" 2>/dev/null | cut -c 1-300 >&2 || true
  fi
  rm -rf "$work"
}
trap clean EXIT

# until_true SECONDS COMMAND...: waits for a command to succeed.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

# expect NAME CODE WORDS COMMAND...: the exit code and, unless empty, words of the output.
expect() {
  local name=$1 wanted=$2 words=$3 code=0
  shift 3
  timeout 120 "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
  if [ "$code" != "$wanted" ]; then
    echo "FAIL $name: exit code $code instead of $wanted" >&2
    return 1
  fi
  if [ -n "$words" ] && ! grep -qF -- "$words" "$work/out" "$work/err"; then
    echo "FAIL $name: the output does not hold: $words" >&2
    return 1
  fi
  if grep -qF -- "$secret" "$work/out" "$work/err"; then
    echo "FAIL $name: the password is in the output" >&2
    return 1
  fi
  echo "pass $name"
}

# Wine 8 lacks this library of Windows 10; a test aid, never shipped.
cat >"$work/stub.c" <<'C'
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
    return RtlGenRandom(data, (ULONG)size);
}
C
x86_64-w64-mingw32-gcc -shared -o "$work/bcryptprimitives.dll" "$work/stub.c" -ladvapi32
for program in masequencer masequenceconfiguration wmi-probe; do
  ln "$folder/$program.exe" "$work/$program.exe" 2>/dev/null ||
    cp "$folder/$program.exe" "$work/$program.exe"
done
cd "$work"
timeout 180 wineboot --init >/dev/null 2>&1
runner=(wine "$work/masequencer.exe")

# sequence FILE SERVER STEP
sequence() {
  cat >"$1" <<X
<?xml version="1.0" encoding="utf-8"?>
<masequence xmlns="urn:masequencer:sequence" version="1" name="Under Wine">
  $2
  <thread name="A">
    $3
  </thread>
</masequence>
X
}
import='<run-profile agent="AD" profile="Full Import"/>'
sequence good.xml '<server host="mim01" tls="true" user="demo"/>' "$import"
sequence nobody.xml '<server host="mim01" tls="true"/>' "$import"
sequence local.xml '' "$import"
sequence wmi.xml '<server transport="wmi" host="localhost"/>' "$import"
sequence failing.xml '<server host="mim01" tls="true" user="demo"/>' \
  '<run-profile agent="AD" profile="No Such Profile"/>'
sequence copy.xml '<server host="mim01" tls="true" user="demo"/>' \
  '<run-profile agent="AD" profile="Full Import">
      <pre-processing program="cmd.exe">
        <argument>/c</argument>
        <argument>copy</argument>
        <argument>/y</argument>
        <argument>good.xml</argument>
        <argument>copied.xml</argument>
      </pre-processing>
    </run-profile>'
printf 'not a sequence' >bad.xml

expect "help" 0 "masequencer" "${runner[@]}" --help
expect "the old help" 0 "/f:" "${runner[@]}" '/?'
expect "arguments that nobody understands" 2 "" "${runner[@]}" --nonsense
expect "check of a good file" 0 "" "${runner[@]}" check good.xml
expect "check of something else" 8 "" "${runner[@]}" check bad.xml
expect "a file that is not there" 8 "" "${runner[@]}" /f:nothing.xml
expect "no run to speak of" 10 "" "${runner[@]}" status
expect "a run on the bundled simulator" 0 "" "${runner[@]}" run good.xml --demo

MASEQUENCER_PASSWORD=$secret "$simulator" simulate --user demo --speed 1000 \
  --auth basic,ntlm,negotiate >"$work/simulator" 2>&1 </dev/null &
started+=($!)
until_true 30 grep -q '^listening on ' "$work/simulator"
url=$(sed -n 's/^listening on //p' "$work/simulator")

export MASEQUENCER_PASSWORD=$secret
expect "the old command line" 0 "" "${runner[@]}" /f:good.xml "/s:$url" /u:demo
# How each scheme is told in the log.
for told in "basic:Basic, not encrypted" "ntlm:NTLM, encrypted" "negotiate:NTLM, encrypted"; do
  scheme=${told%%:*}
  expect "a run with $scheme" 0 "" "${runner[@]}" run good.xml --server "$url" \
    --auth "$scheme" --log "$scheme.log" --level protocol
  expect "its log says ${told#*:}" 0 "signed on as demo by ${told#*:}" cat "$scheme.log"
done
# The simulator takes nothing unencrypted after NTLM, and the doctor sees that.
expect "the doctor" 0 "each message is encrypted" \
  "${runner[@]}" doctor --server "$url" --user demo --auth ntlm
expect "the doctor as lines for programs" 0 '"check":"encryption","verdict":"pass"' \
  "${runner[@]}" doctor --server "$url" --user demo --auth negotiate --json
expect "a step that fails" 1 "" "${runner[@]}" run failing.xml --server "$url" --auth basic
expect "a command before a step" 0 "" "${runner[@]}" run copy.xml --server "$url" --auth basic
cmp -s good.xml copied.xml
for scheme in basic ntlm negotiate; do
  MASEQUENCER_PASSWORD=wrong expect "a wrong password with $scheme" 6 \
    "refuses the user name or the password" \
    "${runner[@]}" run good.xml --server "$url" --auth "$scheme"
done
expect "a server that is not there" 6 "refuses the connection" \
  "${runner[@]}" run good.xml --server http://127.0.0.1:9/wsman

# The Credential Manager keeps a password, gives it to whoever names no other, and forgets it.
expect "a password is stored" 0 "Credential Manager" \
  "${runner[@]}" credential set demo@127.0.0.1 --password-env MASEQUENCER_PASSWORD
unset MASEQUENCER_PASSWORD
expect "its name is listed" 0 "demo@127.0.0.1" "${runner[@]}" credential list
expect "a run with the stored password" 0 "" \
  "${runner[@]}" run good.xml --server "$url" --auth ntlm
expect "it is deleted" 0 "Deleted" "${runner[@]}" credential delete demo@127.0.0.1
expect "it is gone" 1 "no password is stored" \
  "${runner[@]}" credential delete demo@127.0.0.1
expect "a run without a password" 6 "password" \
  "${runner[@]}" run good.xml --server "$url" --auth ntlm
expect "the old command line with a password" 0 "" \
  "${runner[@]}" /f:good.xml "/s:$url" /u:demo "/p:$secret"

# The logged-on user, proved by the system's own Kerberos: Wine hands it on to the one of this system
# and its tickets. Wine's cannot seal messages as Windows does, so it is asked over HTTPS.
realm=WINE.TEST
export KRB5_CONFIG=$work/krb5.conf KRB5_KDC_PROFILE=$work/kdc.conf
write_realm() {
  cat >"$KRB5_CONFIG" <<X
[libdefaults]
 default_realm = $realm
 rdns = false
 dns_canonicalize_hostname = false
 dns_lookup_kdc = false
 dns_lookup_realm = false
 udp_preference_limit = 1
[realms]
 $realm = {
  kdc = 127.0.0.1:$1
 }
[domain_realm]
 localhost = $realm
X
  cat >"$KRB5_KDC_PROFILE" <<X
[kdcdefaults]
 kdc_listen = 127.0.0.1:$1
 kdc_tcp_listen = 127.0.0.1:$1
[realms]
 $realm = {
  database_name = $work/principal
  key_stash_file = $work/stash
  acl_file = $work/acl
  supported_enctypes = aes256-cts:normal
 }
[logging]
 kdc = FILE:$work/kdc.log
X
}
# Tries a port; it may be somebody else's.
start_realm() {
  local port=$((20000 + RANDOM % 12000))
  write_realm "$port"
  krb5kdc -n -r "$realm" >"$work/kdc" 2>&1 </dev/null &
  centre=$!
  is_settled() { (: <"/dev/tcp/127.0.0.1/$port") || ! kill -0 "$centre"; }
  until_true 10 is_settled && kill -0 "$centre" 2>/dev/null
}
PATH=$PATH:/usr/sbin
write_realm 88
kdb5_util -r "$realm" create -s -P "$secret" >/dev/null 2>&1
kadmin.local -r "$realm" >/dev/null 2>&1 <<X
add_principal -pw $secret operator
add_principal -randkey HTTP/localhost
ktadd -k $work/keytab HTTP/localhost
X
until_true 60 start_realm
started+=("$centre")
export KRB5CCNAME=FILE:$work/tickets
kinit operator >/dev/null <<<"$secret"
MASEQUENCER_PASSWORD=$secret "$simulator" simulate --user "$realm\\operator" --speed 1000 --tls \
  --auth kerberos,negotiate --keytab "$work/keytab" >"$work/secure" 2>&1 </dev/null &
started+=($!)
until_true 30 grep -q '^listening on ' "$work/secure"
secure=$(sed -n 's/^listening on //p' "$work/secure")
secure=(--server "${secure/127.0.0.1/localhost}")
secure+=(--pin "$(sed -n 's/^certificate //p' "$work/secure")")
for scheme in kerberos negotiate auto; do
  expect "the doctor signs on as the logged-on user with $scheme" 0 \
    '"text":"the logged-on user by Kerberos"' \
    "${runner[@]}" doctor "${secure[@]}" --auth "$scheme" --json
done
expect "a run as the logged-on user" 0 "" \
  "${runner[@]}" run nobody.xml "${secure[@]}" --log nobody.log --level protocol
expect "its log says who" 0 "signed on as the logged-on user by Kerberos, encrypted" cat nobody.log
export KRB5CCNAME=FILE:$work/no-tickets
expect "a logged-on user without a ticket" 6 "ticket" \
  "${runner[@]}" agents "${secure[@]}" --auth kerberos


# The same by the system's own NTLM, whose messages Wine encrypts by itself. For the tokens it asks
# Samba, which would have to belong to a domain, so another stands in for it.
mkdir bin
cat >bin/ntlm_auth <<X
#!/bin/sh
exec "${MASEQUENCER_PYTHON:-python3}" "$wine_tests/ntlm_auth.py" "$work/logged-on" "\$@" 2>/dev/null
X
chmod +x bin/ntlm_auth
printf '%s\n' demo "$secret" >logged-on
export PATH=$work/bin:$PATH
for scheme in ntlm negotiate auto; do
  expect "a run as the logged-on user with $scheme" 0 "" \
    "${runner[@]}" run nobody.xml --server "$url" --auth "$scheme" \
    --log "nobody-$scheme.log" --level protocol
  expect "its log says who, $scheme" 0 "signed on as the logged-on user by NTLM, encrypted" \
    cat "nobody-$scheme.log"
done
expect "the change to NTLM is told" 0 "NTLM instead of Kerberos" cat nobody-negotiate.log
printf '%s\n' demo wrong >logged-on
expect "a logged-on user whom the server does not know" 6 "does not let the logged-on user sign on" \
  "${runner[@]}" agents --server "$url" --auth ntlm

expect "WMI: a query and a method" 0 "pass a method with arguments" wine "$work/wmi-probe.exe"
grep '^pass' "$work/out" | sed 's/^pass/pass   WMI:/' | cut -c1-110
expect "WMI: this machine without the service" 6 "0x8004100E" "${runner[@]}" run local.xml
expect "WMI: another machine without it" 6 "0x8004100E" "${runner[@]}" run wmi.xml
expect "WMI: its agents" 6 "mofcomp" "${runner[@]}" agents
expect "WMI: the doctor finds no namespace" 6 '"check":"namespace-there","verdict":"fail"' \
  "${runner[@]}" doctor --transport wmi --json
grep -qF 'mofcomp mmswmi.mof' "$work/out"

# The designer, on a screen of its own. What WMI has left running knows of no screen, and a window
# would join it.
wineserver -k || true
wineserver -w
Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp -noreset >"$work/screen" 2>/dev/null &
started+=($!)
until_true 30 grep -q '^[0-9]' "$work/screen"
DISPLAY=:$(cat "$work/screen")
export DISPLAY
wine "$work/masequenceconfiguration.exe" good.xml >"$work/out" 2>"$work/err" </dev/null &
started+=($!)
# The title names the file once it is open.
find_window() { xdotool search --onlyvisible --name 'good[.]xml .*MA Run Sequence Configuration$'; }
until_true 60 find_window || {
  echo "FAIL the designer: no window" >&2
  exit 1
}
# A window that is not drawn has a colour or two; one with text and cards has hundreds.
is_drawn() {
  import -window root "$picture" && [ "$(identify -format %k "$picture")" -gt 200 ]
}
until_true 60 is_drawn || {
  echo "FAIL the designer: its window stays blank" >&2
  exit 1
}
echo "pass the designer draws $(identify -format '%wx%h, %k colours' "$picture"): $picture"
