// SPDX-License-Identifier: Apache-2.0
/** Keys and certificates of the feeds, and keeping them in Secrets. What is done when is planned elsewhere. */
@NullMarked
package dev.kumo.policy.certificate;

import org.jspecify.annotations.NullMarked;
