# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A machine's processes are a cgroup kumo-lab/NAME in every hierarchy: it is how they are found, and all killed at once.

CGROUPS=/sys/fs/cgroup

# hierarchies: the folders that cgroup hierarchies are mounted at.
hierarchies() {
  local controllers
  while IFS=: read -r _ controllers _; do
    case $controllers in
      '') echo "$CGROUPS/unified" ;;
      name=*) echo "$CGROUPS/${controllers#name=}" ;;
      *) echo "$CGROUPS/$controllers" ;;
    esac
  done </proc/self/cgroup
}

require_cgroups() {
  local folder
  [[ ! -e $CGROUPS/cgroup.controllers ]] ||
    fail "this machine has only cgroup v2; the lab needs the hybrid layout (see lab/README.md, What is not possible)"
  while read -r folder; do
    mountpoint -q "$folder" || fail "no cgroup hierarchy is mounted at $folder"
  done < <(hierarchies)
}

make_group() {
  local folder
  while read -r folder; do
    if [[ ! -d $folder/$GROUP ]]; then
      mkdir "$folder/$GROUP"
      # A cpuset takes no process before it has processors; its children copy it.
      if [[ -e $folder/cpuset.cpus ]]; then
        cat "$folder/cpuset.cpus" >"$folder/$GROUP/cpuset.cpus"
        cat "$folder/cpuset.mems" >"$folder/$GROUP/cpuset.mems"
        echo 1 >"$folder/$GROUP/cgroup.clone_children"
      fi
    fi
    mkdir -p "$folder/$GROUP/$1"
  done < <(hierarchies)
}

# join_group NAME: moves this shell there.
join_group() {
  local folder
  while read -r folder; do
    echo "$BASHPID" >"$folder/$GROUP/$1/cgroup.procs"
  done < <(hierarchies)
}

group_is_empty() { [[ ! -d $1 ]] || grep -q '^populated 0' "$1/cgroup.events"; }

# kill_group [NAME]: SIGKILL to every process there at once (of all machines without a name), and waits for their end.
kill_group() {
  local folder=$CGROUPS/unified/$GROUP${1:+/$1}
  [[ -d $folder ]] || return 0
  echo 1 >"$folder/cgroup.kill"
  eventually 20 group_is_empty "$folder" || fail "processes do not end: $(find "$folder" -name cgroup.procs -exec cat {} +)"
}

remove_folders() {
  local folder left=0
  while read -r folder; do
    [[ ! -d $folder/$1 ]] || find "$folder/$1" -depth -type d -exec rmdir {} \; 2>/dev/null
    [[ ! -d $folder/$1 ]] || left=1
  done < <(hierarchies)
  return "$left"
}

# remove_group [NAME]: a killed group's folders; the kernel refuses for a moment after the last process' end.
remove_group() {
  eventually 20 remove_folders "$GROUP${1:+/$1}" || fail "cgroups cannot be removed: $(echo "$CGROUPS"/*/"$GROUP${1:+/$1}")"
}
