# SPDX-License-Identifier: Apache-2.0
.PHONY: images
images: build deps ## make the OCI archives in target/images (IMAGES="a b": only these)
	@images/build $(IMAGES)
