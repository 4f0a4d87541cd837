/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers that the kernel half and user space share. The enums that sit in map keys or in node_config are one byte wide, so
 * they appear in BTF with their names: Java's enums are checked against that, not against this text.
 */
#ifndef KUMO_ENUMS_H
#define KUMO_ENUMS_H

#define KUMO_BYTE __attribute__((packed)) /* an enum of one byte */

/* Why a packet ended here. Zero counts packets that went on. Numbers are never reused: append only. */
enum drop_reason {
	FORWARDED = 0,
	INVALID_PACKET = 1,	     /* truncated, or a header that contradicts itself */
	UNSUPPORTED_PROTOCOL = 2,    /* neither IPv4 nor ARP on a pod's link */
	ENDPOINT_UNKNOWN = 3,	     /* from a link without endpoint_links entry, or to a pod address without endpoint */
	SPOOFED_SOURCE = 4,	     /* a source address that its sender does not own */
	IDENTITY_UNKNOWN = 5,	     /* a pod-range address whose identity this node has not applied */
	VIP_UNKNOWN_PORT = 6,	     /* a service address, a port that no service has */
	NO_BACKEND = 7,		     /* a service without backend: refused with TCP RST or ICMP port unreachable */
	SOURCE_RANGE_DENIED = 8,     /* outside loadBalancerSourceRanges */
	CT_FULL = 9,		     /* no room for a new connection */
	SNAT_PORTS_EXHAUSTED = 10,   /* no free source port towards this destination */
	FRAGMENT_UNKNOWN = 11,	     /* a fragment whose first one was not seen */
	NO_TUNNEL = 12,		     /* a remote pod address whose node is not known */
	TRANSLATION_FAILED = 13,     /* a kernel helper refused to rewrite the packet */
	OVERLAY_UNEXPECTED = 14,     /* decapsulated, but for nobody here */
	ICMP_UNRELATED = 15,	     /* an ICMP message that belongs to no connection */
	TTL_EXCEEDED = 16,	     /* forwarded once too often */
	POLICY_DENIED = 17,	     /* no policy allows it, or one forbids it */
	POLICY_UNKNOWN = 18,	     /* the pod's class is not known here yet */
	POLICY_CHANGED = 19,	     /* an open connection whose L7 rules came, went or changed place: both ends are reset */
	PROXY_UNAVAILABLE = 20,	     /* L7 rules hold for it, and nobody listens who could judge by them */
	ARP_ANSWERED = 21,	     /* no loss: a request for an announced address, answered here */
} KUMO_BYTE;

/* As seen from the pod or from the node: what comes in, what goes out. */
enum direction {
	DIRECTION_INGRESS = 0,
	DIRECTION_EGRESS = 1,
} KUMO_BYTE;

enum hook {
	HOOK_FROM_POD = 1,
	HOOK_TO_POD = 2,
	HOOK_FROM_NETDEV = 3,
	HOOK_TO_NETDEV = 4,
	HOOK_FROM_OVERLAY = 5,
	HOOK_TO_OVERLAY = 6,
	HOOK_SOCKET = 7,
} KUMO_BYTE;

enum routing_mode {
	ROUTING_VXLAN = 0,
	ROUTING_DIRECT = 1,
} KUMO_BYTE;

enum identity {
	IDENTITY_UNASSIGNED = 0, /* in `addresses`: a pod range; never the identity of a packet */
	IDENTITY_HOST = 1,
	IDENTITY_WORLD = 2,
	IDENTITY_UNMANAGED = 3,
	IDENTITY_HEALTH = 4,
	IDENTITY_INIT = 5,
	IDENTITY_REMOTE_NODE = 6,
	IDENTITY_KUBE_APISERVER = 7,
	IDENTITY_INGRESS = 8,
};

/* Which frontends a sender uses: external for the LAN, internal for pods and the node's processes. */
enum frontend_scope {
	SCOPE_EXTERNAL = 0,
	SCOPE_INTERNAL = 1,
} KUMO_BYTE;

enum frontend_flags {
	FRONTEND_AFFINITY = 1,
	FRONTEND_SOURCE_RANGES = 2,
	FRONTEND_LOCAL_BACKENDS = 4, /* externalTrafficPolicy Local: backends of this node only, client's source kept */
	FRONTEND_HOST_PORT = 8,
	FRONTEND_NODE_PORT = 16,
};

enum backend_flags {
	BACKEND_LOCAL = 1, /* a pod of this node, or this node itself */
};

enum class_flags {
	CLASS_ENFORCE_INGRESS = 1,
	CLASS_ENFORCE_EGRESS = 2,
};

enum announcement_flags {
	ANNOUNCEMENT_YIELDED = 1, /* another host has claimed the address: not answered for */
};

enum policy_flags {
	POLICY_DENY = 1,
};

/* Who owns a connection's entries in `ct`. One packet may pass several owners, so they never share an entry. */
enum ct_scope {
	CT_EGRESS = 1,	/* opened by a pod of this node */
	CT_INGRESS = 2, /* opened towards a pod of this node */
	CT_NODE = 3,	/* translated by the node: NodePort, LoadBalancer, hostPort, masquerade */
} KUMO_BYTE;

enum ct_flags {
	CT_REPLY = 1,	 /* this entry is the answering direction's */
	CT_ANSWERED = 2, /* seen both ways: the pair is in `ct` */
	CT_FIN = 4,	 /* this direction has sent its FIN */
	CT_CLOSED = 8,	 /* both have, or one has reset: the tuple may be used again at once */
	CT_OVERLAY = 16, /* came through the overlay: replies go back through it */
	CT_DENIED = 32,	 /* was open when policy turned against it: stays, so that its other direction opens nothing anew */
};

/* Identities of address blocks, known to this node alone: they fit no VNI, and a mark says so with MARK_LOCAL. */
#define LOCAL_IDENTITY_FIRST 0x1000000u /* 1 << 24; below 1 << 25 */

/*
 * skb->mark between hooks of one node: magic under MARK_MAGIC_MASK; with MARK_MAGIC the identity in bits 16-31 and 0-7 (24 bits),
 * and facts. A veth that crosses network namespaces clears the mark, so a pod cannot forge one.
 */
#define MARK_MAGIC_MASK 0x00000F00u
#define MARK_MAGIC 0x00000F00u
#define MARK_REPLY 0x00001000u	   /* reply of a connection that was opened from outside: never masqueraded */
#define MARK_FROM_OVERLAY 0x00002000u /* decapsulated on this node: replies go back through the overlay */
#define MARK_LOCAL 0x00004000u	   /* the identity is LOCAL_IDENTITY_FIRST more */

/* Magics of L7 redirection. */
#define MARK_TO_PROXY 0x00000200u	   /* set here: up to Envoy; on the way back through a pod's link with its port in bits 16-31 */
#define MARK_REOPENING 0x00001000u	   /* with MARK_TO_PROXY: a copy of a SYN, whose place in TIME-WAIT has been made free */
#define MARK_INGRESS_UPSTREAM 0x00000A00u /* Envoy, to the pod whose ingress rules it has just applied */
#define MARK_PROXY_ACCEPTED 0x00000B00u   /* Envoy's listeners and what they accepted: answers to a client */
#define MARK_GATEWAY_UPSTREAM 0x00000C00u /* Envoy as a gateway, in its own name */
#define MARK_EGRESS_UPSTREAM 0x00000D00u  /* Envoy, for the pod whose egress rules it has just applied */

#endif
