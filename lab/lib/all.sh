# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Everything in this folder, in the order of need.
set -euo pipefail
library=$(dirname "${BASH_SOURCE[0]}")
for part in settings say cgroups network certificates images machines cluster; do
  # shellcheck disable=SC1090
  source "$library/$part.sh"
done
