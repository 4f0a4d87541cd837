# SPDX-License-Identifier: Apache-2.0
.PHONY: chaos
chaos: build images lab-tools ## every process killed and stopped under load, nodes, links, upgrades (PART="nodes l2": only these; SHORT=1)
	@chaos/run $(if $(SHORT),--short) $(PART)

.PHONY: chaos-tables
chaos-tables: ## write what the faults did, all of one commit, into docs/reliability.md
	@chaos/tables
