# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Images without a registry. A template of containerd's root folder, kept in the cache, holds every image unpacked; a node
# begins with hard links to it, which takes no time and no space. A running node imports what has changed since.

TEMPLATE=$CACHE/template

# archives: the lab's own images, then those that `make images` has built in this checkout.
archives() {
  printf '%s\n' "$CACHE/images/pause.tar" "$CACHE/images/coredns.tar"
  compgen -G "$CHECKOUT/target/images/*.tar" || true
}

# line_of ARCHIVE: what a list of held images says of it.
line_of() { echo "$(basename "$1") $(tar --occurrence=1 -xOf "$1" index.json | sha256sum | cut -d' ' -f1)"; }

# missing_from LIST ARCHIVE…: those archives that the list doesn't name in their present state.
missing_from() {
  local list=$1 archive
  shift
  for archive; do
    grep -qxF "$(line_of "$archive")" "$list" 2>/dev/null || echo "$archive"
  done
}

# now_holds LIST ARCHIVE…: notes them.
now_holds() {
  local list=$1 archive line
  shift
  for archive; do
    line=$(line_of "$archive")
    { grep -v "^${line% *} " "$list" 2>/dev/null || true; echo "$line"; } >"$list.new"
    mv "$list.new" "$list"
  done
}

update_template() {
  local all changed
  mapfile -t all < <(archives)
  mapfile -t changed < <(missing_from "$TEMPLATE/images" "${all[@]}")
  [[ ${#changed[@]} != 0 ]] || return 0
  mkdir -p "$TEMPLATE/root"
  unshare --mount --pid --fork --kill-child=KILL --net --mount-proc \
    env PATH="$(programs):$PATH" bash "$STATE/machine/template-init" "$TEMPLATE/root" "${changed[@]}" 9>&- &>"$TEMPLATE/log" ||
    fail "images cannot be imported: $(tail -3 "$TEMPLATE/log")"
  now_holds "$TEMPLATE/images" "${changed[@]}"
}

# seed NODE: its containerd's root folder, unless it has one. Layers and blobs never change, databases do.
seed() {
  local root=$STATE/$1/var/lib/containerd database
  [[ ! -d $root ]] || return 0
  mkdir -p "$(dirname "$root")"
  rm -rf "$root.new"
  cp -al "$TEMPLATE/root" "$root.new" 2>/dev/null || {
    rm -rf "$root.new"
    cp -a "$TEMPLATE/root" "$root.new"
  }
  while read -r database; do
    cp --remove-destination "$TEMPLATE/root/$database" "$root.new/$database"
  done < <(cd "$TEMPLATE/root" && find . -name '*.db' -type f)
  cp "$TEMPLATE/images" "$STATE/$1/images"
  mv "$root.new" "$root"
}

# import_into NODE ARCHIVE…
import_into() {
  local node=$1 archive
  shift
  for archive; do
    (enter "$node" env CONTAINERD_SUPPRESS_DEPRECATION_WARNINGS=1 \
      ctr --namespace k8s.io images import --digests=false - <"$archive" >/dev/null) ||
      fail "$node cannot import $archive"
    now_holds "$STATE/$node/images" "$archive"
  done
}

# load ARCHIVE…: brings every running node up to them, all nodes at once. LOADED holds the archives that were new to any.
load() {
  local node changed waiting=() one
  LOADED=()
  for node in "${NODES[@]}"; do
    is_running "$node" || continue
    mapfile -t changed < <(missing_from "$STATE/$node/images" "$@")
    [[ ${#changed[@]} != 0 ]] || continue
    LOADED+=("${changed[@]}")
    import_into "$node" "${changed[@]}" 9>&- &
    waiting+=($!)
  done
  for one in "${waiting[@]}"; do
    wait "$one"
  done
  mapfile -t LOADED < <(printf '%s\n' "${LOADED[@]}" | sort -u | grep .)
}
