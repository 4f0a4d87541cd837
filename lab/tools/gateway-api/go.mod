// SPDX-License-Identifier: Apache-2.0
// Only its manifests are used: the definitions of the Gateway API's kinds.
module dev.kumo/lab/tools/gateway-api

go 1.26.0

require sigs.k8s.io/gateway-api v1.6.3
