#!/usr/bin/env bash
# Puts published programs under a prefix, with configuration, state folder, commands and systemd units.
#
# usage: packaging/install.sh [--prefix /usr/local] [--root DIR] [--self-contained] [--programs DIR]
#        packaging/install.sh --uninstall [--prefix /usr/local] [--root DIR]
#
#   --prefix          where programs live (units and commands name it)          default /usr/local
#   --root            stage into this folder instead of / (nothing outside is touched, no user is made)
#   --programs        take already published programs from DIR/{Seed,NodeAgent,Tui} instead of publishing
#   --self-contained  publish programs that need no .NET on the machine
#
# Uninstalling leaves configuration and state, and says where they are.
set -euo pipefail

prefix=/usr/local root='' programs='' self=false uninstall=false
while (($#)); do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift 2 ;;
        --root) root=${2:?--root needs a folder}; shift 2 ;;
        --programs) programs=${2:?--programs needs a folder}; shift 2 ;;
        --self-contained) self=true; shift ;;
        --uninstall) uninstall=true; shift ;;
        -h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
        *) echo "install.sh: unknown option '$1'; see --help" >&2; exit 2 ;;
    esac
done

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lib=$prefix/lib/clustermonitor bin=$prefix/bin units=/etc/systemd/system config=/etc/clustermonitor state=/var/lib/clustermonitor
# A staged installation can't run as a service here, so only a real one talks to the system.
real=false; [[ -z $root ]] && real=true
commands=(seed:Seed agent:NodeAgent tui:Tui)

if $uninstall; then
    if $real && command -v systemctl >/dev/null; then
        systemctl disable --now clustermonitor-seed clustermonitor-agent 2>/dev/null || true
    fi
    rm -rf "${root:?}$lib" 2>/dev/null || rm -rf "${root}${lib:?}"
    for c in "${commands[@]}"; do rm -f "$root$bin/${c#*:}"; done
    rm -f "$root$units"/clustermonitor-{seed,agent}.service
    if $real && command -v systemctl >/dev/null; then systemctl daemon-reload || true; fi
    echo "removed; configuration stays in $root$config, history and keys in $root$state"
    exit 0
fi

if [[ -z $programs ]]; then
    command -v dotnet >/dev/null || { echo "install.sh: no dotnet on the PATH; install the .NET 10 SDK or pass --programs" >&2; exit 1; }
    programs=$here/artifacts/install
    for c in "${commands[@]}"; do
        dotnet publish "$here/${c#*:}" -c Release -r linux-x64 --self-contained "$self" -o "$programs/${c#*:}" -v q --nologo
    done
fi

install -d "$root$lib" "$root$bin" "$root$units" "$root$config"
install -d -m 0750 "$root$state"
for c in "${commands[@]}"; do
    name=${c#*:}
    [[ -x $programs/$name/$name ]] || { echo "install.sh: $programs/$name/$name is not a published program" >&2; exit 1; }
    rm -rf "${root:?}$lib/$name" 2>/dev/null || rm -rf "${root}${lib:?}/$name"
    cp -r "$programs/$name" "$root$lib/$name"
    ln -sfn "$lib/$name/$name" "$root$bin/$name"
    sample=$here/packaging/${c%%:*}.conf
    if [[ -f $sample && ! -e $root$config/${c%%:*}.conf ]]; then install -m 0644 "$sample" "$root$config/${c%%:*}.conf"; fi
done
for u in seed agent; do
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@STATE@|$state|g" -e "s|@CONFIG@|$config|g" \
        "$here/packaging/clustermonitor-$u.service" >"$root$units/clustermonitor-$u.service"
done

if $real; then
    getent passwd clustermonitor >/dev/null || useradd --system --home-dir "$state" --shell /usr/sbin/nologin --user-group clustermonitor
    chown -R clustermonitor:clustermonitor "$state"
    if command -v systemctl >/dev/null; then systemctl daemon-reload || true; fi
    echo "installed; start with: systemctl enable --now clustermonitor-seed   (or clustermonitor-agent, once it has joined)"
else
    echo "staged into $root"
fi
