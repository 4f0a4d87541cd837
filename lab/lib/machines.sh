# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A machine is a process 1 with its own mount, PID, UTS, IPC and cgroup namespaces in its network namespace; when it is
# killed, the kernel kills the rest. STATE/NAME holds its disk, STATE/NAME/pid the process outside that began it.

# outer_pid NAME: prints it if it lives and is the lab's.
outer_pid() {
  local pid
  pid=$(cat "$STATE/$1/pid" 2>/dev/null) || return
  grep -qx "0::/$GROUP/$1" "/proc/$pid/cgroup" 2>/dev/null || return
  echo "$pid"
}

# first_pid NAME: the machine's process 1 as the host numbers it.
first_pid() {
  local outer first
  outer=$(outer_pid "$1") || return
  first=$(cat "/proc/$outer/task/$outer/children")
  [[ -n $first ]] || return
  echo "${first% }"
}

is_running() { outer_pid "$1" >/dev/null; }

has_started() {
  local first
  first=$(first_pid "$1") && [[ -e /proc/$first/root/run/machine-started ]]
}

# start_machine NAME INIT: begins it with STATE/machine/INIT as its process 1, unless it runs.
start_machine() {
  local name=$1 init=$2
  ! is_running "$name" || return 0
  mkdir -p "$STATE/$name"
  make_group "$name"
  (
    join_group "$name"
    exec setsid nsenter --net="/run/netns/kumo-$name" \
      unshare --mount --pid --fork --kill-child=KILL --uts --ipc --cgroup --propagation private \
      env -i PATH="$(programs):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root \
      NAME="$name" ADDRESS="$(address_of "$name")" STATE="$STATE" \
      POD_RANGE="$POD_RANGE" SERVICE_RANGE="$SERVICE_RANGE" \
      bash "$STATE/machine/$init" </dev/null &>"$STATE/$name/init.log" 9>&-
  ) &
  echo $! >"$STATE/$name/pid"
  disown
}

# require_lab: certificates are made early in lab/up, and go last in lab/down.
require_lab() { [[ -e $PKI/complete ]] || fail "the lab does not run (lab/up)"; }

# The nodes' pinned BPF objects outlive their processes: the file system is mounted here, and the node sees it.
mount_bpf() {
  mkdir -p "$STATE/$1/bpf"
  mountpoint -q "$STATE/$1/bpf" || mount -t bpf bpf "$STATE/$1/bpf"
}

unmount_bpf() {
  ! mountpoint -q "$STATE/$1/bpf" || umount "$STATE/$1/bpf"
}

start_node() {
  connect "$1"
  mount_bpf "$1"
  seed "$1"
  start_machine "$1" node-init
}

# stop_machine NAME: its processes only.
stop_machine() {
  kill_group "$1"
  # The machine's own group stays: eBPF programs are attached to it. Those of dead containers go, since a new kubelet would wait
  # three seconds for each to tell what it was.
  remove_group "$1/kubepods"
  rm -f "$STATE/$1/pid"
}

# enter NAME COMMAND…: becomes the command, in that machine; streams, terminal and exit code are the command's own.
enter() {
  local name=$1 first folder=/
  shift
  require_lab
  first=$(first_pid "$name") || fail "$name does not run (lab/start-node)"
  [[ ! -d /proc/$first/root$PWD ]] || folder=$PWD
  join_group "$name"
  export PATH
  PATH=$(programs):$PATH
  exec nsenter --target "$first" --mount --net --pid --uts --ipc --cgroup "--wdns=$folder" -- \
    setpriv --pdeathsig TERM "$@"
}

# outside COMMAND…: becomes the command, on the LAN's host that is no node; it has a hosts file of its own.
outside() {
  require_lab
  make_group out
  echo "$BASHPID" >"$CGROUPS/unified/$GROUP/out/cgroup.procs"
  export KUBECONFIG=$PKI/admin.kubeconfig PATH
  PATH=$(programs):$PATH
  # shellcheck disable=SC2016 # for the inner shell
  exec nsenter --net=/run/netns/kumo-out unshare --mount --propagation private -- \
    bash -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' outside "$STATE/out/hosts" "$@"
}

# programs: the folder of the lab's programs, as lab/up found them.
programs() { cat "$STATE/programs"; }
