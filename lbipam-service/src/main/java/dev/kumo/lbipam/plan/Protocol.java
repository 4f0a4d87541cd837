// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

/** Transport protocols that Services are served on. */
public enum Protocol {
    TCP,
    UDP
}
