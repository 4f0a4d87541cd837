// SPDX-License-Identifier: Apache-2.0
/**
 * The custom resources this service owns, as the API server stores them: no more than decoded. These types are the only
 * source of the CRDs in {@code k8s/base/crds}.
 */
@NullMarked
package dev.kumo.policy.crd;

import org.jspecify.annotations.NullMarked;
