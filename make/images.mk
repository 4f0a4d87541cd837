# SPDX-License-Identifier: Apache-2.0
.PHONY: images
images: build deps ## make the OCI archives in target/images (IMAGES="a b": only these; AOT=1: with a recorded start)
	@KUMO_AOT=$(AOT) images/build $(IMAGES)
