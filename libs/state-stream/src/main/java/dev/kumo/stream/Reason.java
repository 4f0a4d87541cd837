// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

/** Why something was refused, dropped or is tried again: the same word in conditions, metrics, logs and debug output. */
public enum Reason {
    /** The call carries no token, or one that cannot be read. */
    NO_CREDENTIAL,
    /** The token is unknown to the API server or has expired. */
    TOKEN_REJECTED,
    /** The token was made for another audience than kumo-feeds. */
    WRONG_AUDIENCE,
    /** The token belongs to another ServiceAccount than node-dataplane's. */
    WRONG_SERVICE_ACCOUNT,
    /** A node asked for another node's state, or spoke for it. */
    WRONG_NODE,
    /** The API server could not be asked whether the token is good. */
    REVIEW_UNAVAILABLE,
    /** The token's time ended and no fresh one came. */
    TOKEN_EXPIRED,
    /** The server's certificate is not of the feeds' CA, or names another service. */
    UNTRUSTED_SERVER,
    /** A message could not be decoded, or came out of turn. */
    MALFORMED,
    /** The replica is behind what the node has applied. */
    STALE_REPLICA,
    /** The replica has read nothing yet that it could serve. */
    NOT_SYNCED,
    /** No replica is known or none can be reached. */
    NO_REPLICA,
    /** The stream ended; it is opened again. */
    DISCONNECTED,
    /** A state file could not be read; the feed begins empty. */
    STATE_FILE_CORRUPT,
    /** A state file could not be written. */
    STATE_FILE_UNWRITABLE,
    /** A kernel map has no room. */
    MAP_FULL,
    /** A kernel call failed. */
    KERNEL_ERROR,
    /** The node's pod range has no free address. */
    POOL_EXHAUSTED,
    /** The node's pod range isn't known yet. */
    POOL_UNKNOWN,
    /** No identity came for a new pod in time. */
    IDENTITY_TIMEOUT,
    /** The node isn't ready to take pods. */
    NODE_NOT_READY,
    /** The pod is unknown, or bound to another node. */
    UNKNOWN_POD,
    /** The address lies outside the node's pod range. */
    ADDRESS_OUTSIDE_RANGE,
    /** The call names a network namespace that is gone. */
    NETNS_GONE,
    /** The container has an interface that differs from what is asked for. */
    INTERFACE_CONFLICT,
    /** Another object has the address and port. */
    FRONTEND_CONFLICT,
    /** A process of the node listens on the port. */
    PORT_IN_USE,
    /** What it names isn't there. */
    REFERENT_MISSING,
    /** Envoy refused what it was told. */
    PROXY_REFUSED,
    /** The list of an address is behind one that is in force. */
    STALE_TERM,
    /** A host that has no place in an address's list claims it. */
    ADDRESS_CONFLICT,
    /** The node has no LAN device of that name. */
    INTERFACE_UNKNOWN,
    /** The device that it needs has no carrier. */
    LINK_DOWN,
    /** Something accepted by Kubernetes that this version does not do. */
    UNSUPPORTED;

    /** The reason of this name; {@link #UNSUPPORTED} for one that only another version knows. */
    public static Reason named(String name) {
        for (var reason : values()) {
            if (reason.name().equals(name)) {
                return reason;
            }
        }
        return UNSUPPORTED;
    }
}
