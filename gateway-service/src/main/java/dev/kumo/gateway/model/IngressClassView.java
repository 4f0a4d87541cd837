// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.model;

/** An IngressClass. @param isDefault whether Ingresses without a class are its own */
public record IngressClassView(String name, String controller, boolean isDefault) {}
