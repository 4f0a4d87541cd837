// SPDX-License-Identifier: Apache-2.0
/**
 * What {@code kumo node …} and {@code kumo version} ask of the dataplane: JSON over {@code /run/kumo/dataplane.sock} (0600).
 *
 * <pre>
 *   client                              server
 *    | {"command":"endpoints"}\n  -->     |
 *    | <-- {"columns":["pod",…],"rows":[{"pod":…},…]}\n   a table
 *    | <-- {"version":…}\n                                or another value
 *    | <-- {"error":"…"}\n                                or why there is none
 * </pre>
 *
 * One request a connection.
 */
@NullMarked
package dev.kumo.dataplane.debug;

import org.jspecify.annotations.NullMarked;
