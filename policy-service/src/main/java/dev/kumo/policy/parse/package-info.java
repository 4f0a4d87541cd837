// SPDX-License-Identifier: Apache-2.0
/**
 * Reads policies as the API server stores them and writes values of {@code model.rule}. Each field is either understood or
 * refused by its path; a rule with a refused field allows nothing and denies the directions that it names.
 */
@NullMarked
package dev.kumo.policy.parse;

import org.jspecify.annotations.NullMarked;
