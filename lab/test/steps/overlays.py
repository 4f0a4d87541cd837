# SPDX-License-Identifier: Apache-2.0
"""Every overlay that is shipped builds, and the API server accepts each object of it."""

from play import step
from play.play import ROOT


@step("K1", "shipped overlays: built, and accepted by the API server (nothing is applied)")
def accepted(play):
    for folder in sorted((ROOT / "k8s/overlays").iterdir()):
        result = play.run(f"lab/kubectl apply --dry-run=server -k k8s/overlays/{folder.name}", show=False)
        play.expect(f"overlay {folder.name}: {len(result.out.splitlines())} objects", "deployment.apps" in result.out, result.out)
