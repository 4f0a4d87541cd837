# SPDX-License-Identifier: Apache-2.0
"""The API server, then all control services, away for ten minutes."""

import time

from core import during, fault
from core.scale import AWAY_SECONDS
from steps.faults import SERVICES, kill_containers, pod_of, settled

from .processes import back

PART = "away"


@fault(PART, "A1", f"the API server away for {AWAY_SECONDS} s, the dataplane of a node killed meanwhile")
def no_api_server(play, stand, judgement):
    pod = pod_of(play, "node-dataplane", "w2")
    with during(play, stand, judgement) as ended:
        kill_containers(play, "w2", pod)
        play.run("lab/node cp pkill -STOP -x kube-apiserver")
        try:
            time.sleep(AWAY_SECONDS)
        finally:
            play.run("lab/node cp pkill -CONT -x kube-apiserver")
        ended()
        back(play)


@fault(PART, "A2", f"all control services away for {AWAY_SECONDS} s")
def no_services(play, stand, judgement):
    with during(play, stand, judgement) as ended:
        try:
            for name in SERVICES:
                play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=0", show=False)
            time.sleep(AWAY_SECONDS)
        finally:
            for name in SERVICES:
                play.run(f"lab/kubectl scale -n kumo-system deploy/{name} --replicas=2", show=False)
        ended()
        settled(play)
