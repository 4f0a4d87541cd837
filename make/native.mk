# SPDX-License-Identifier: Apache-2.0
SERVICES := policy-service,gateway-service,lbipam-service,l2-announcer,node-dataplane

.PHONY: native-check
native-check: jdk ## let Quarkus augment every service for a native image, up to where native-image would compile it
	@$(MVN) package -DskipTests -Pnative -am -pl $(SERVICES)
	@ls -d */target/native-sources/*-runner.jar
