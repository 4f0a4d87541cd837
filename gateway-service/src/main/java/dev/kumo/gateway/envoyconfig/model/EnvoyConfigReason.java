// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.model;

/** Why a configuration is, or isn't, in force; the reason of its conditions. */
public enum EnvoyConfigReason {
    ACCEPTED("Accepted"),
    PROGRAMMED("Programmed"),
    RESOLVED("ResolvedRefs"),
    /** Not a message of the type it says it is. */
    MALFORMED("Malformed"),
    /** No Envoy v3 type that is known here. */
    UNKNOWN_TYPE("UnknownType"),
    /** A type of Envoy's API version 2. */
    UNSUPPORTED_VERSION("UnsupportedVersion"),
    /** A type that can't be a resource of its own. */
    UNSUPPORTED_RESOURCE("UnsupportedResource"),
    MISSING_NAME("MissingName"),
    DUPLICATE_NAME("DuplicateName"),
    /** More than one item may take of a feed's message. */
    TOO_LARGE("TooLarge"),
    /** A type, field or value outside the table of what is allowed. */
    NOT_ALLOWED("NotAllowed"),
    /** A name that neither a resource of the same object nor a listed Service has. */
    UNRESOLVED_REFERENCE("UnresolvedReference"),
    /** A namespaced configuration that names another namespace. */
    FOREIGN_NAMESPACE("ForeignNamespace"),
    /** A name that Gateways and Ingresses generate. */
    RESERVED_NAME("ReservedName"),
    INVALID_SELECTOR("InvalidSelector"),
    SERVICE_NOT_FOUND("ServiceNotFound"),
    PORT_NOT_FOUND("PortNotFound"),
    /** A Service of several ports is named without one. */
    AMBIGUOUS_PORT("AmbiguousPort"),
    /** An older configuration, a Gateway or an Ingress has the Service's port. */
    SERVICE_CLAIMED("ServiceClaimed"),
    /** It redirects no Service, so nothing of it is needed. */
    NO_SERVICES("NoServices"),
    /** No node matches nodeSelector. */
    NO_NODES("NoNodes"),
    /** Nodes have not confirmed yet. */
    PENDING("Pending"),
    /** A node's Envoy refused a resource. */
    REJECTED("Rejected"),
    NOT_ACCEPTED("NotAccepted");

    private final String text;

    EnvoyConfigReason(String text) {
        this.text = text;
    }

    /** As conditions have it. */
    public String text() {
        return text;
    }
}
