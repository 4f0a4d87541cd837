// SPDX-License-Identifier: Apache-2.0
/** Turns a module's custom resource records into CRDs and compares them with the YAML that is installed. */
@NullMarked
package dev.kumo.testkit.crd;

import org.jspecify.annotations.NullMarked;
