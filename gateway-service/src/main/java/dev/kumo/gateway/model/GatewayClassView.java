// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

/**
 * A GatewayClass.
 *
 * @param parameters kind and name of its parametersRef, empty if none
 */
public record GatewayClassView(String name, long generation, String controller, String parameters) {}
