/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout of every map that user space writes. Addresses are 16 bytes in network order (IPv4 as v4-mapped), ports network
 * order, all else host order; padding is explicit and zero. This file is the only source: Java's records are checked against
 * the BTF that it produces.
 */
#ifndef KUMO_TYPES_H
#define KUMO_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>

#include "enums.h"

/* Aligned so that it is compared and copied in words; no struct below has a hole because of it. */
struct address {
	__u8 bytes[16];
} __attribute__((aligned(4)));

/* endpoints: a pod of this node, by its address. */
struct endpoint {
	__u32 ifindex; /* host end of its veth */
	__u32 identity;
	__u32 class_number;
	__u32 flags;
	__u8 mac[6];
	__u8 host_mac[6];
};

/* endpoint_links: the same pod, by the ifindex of its host veth. */
struct endpoint_link {
	struct address address;
	__u32 identity;
	__u32 class_number;
};

/* addresses: longest prefix match over pod and node addresses; no match is the world. */
struct prefix_key {
	__u32 prefix_length; /* 0-128 */
	struct address address;
};

struct peer {
	__u32 identity;
	__be32 tunnel; /* the node's address, 0: none */
};

struct frontend_key {
	struct address address;
	__be16 port; /* 0 with protocol 0: the address is a service's, its unknown ports are dropped */
	__u8 protocol;
	enum frontend_scope scope;
};

struct frontend {
	__u32 service;
	__u32 set;
	__u16 count; /* backends in the set; 0: refuse */
	__u16 flags;
	__u32 affinity_seconds;
	__u32 slot;
};

/* backend_sets: (set, 0 .. count-1) -> backend number. */
struct backend_slot {
	__u32 set;
	__u32 index;
};

struct backend {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 flags;
};

/* source_ranges: 32 bits of service number, then the client's prefix. */
struct source_range_key {
	__u32 prefix_length; /* 32 + (0-128) */
	__u32 service;
	struct address address;
};

/* classes: what all pods of a policy class have in common. Class 0 has no entry: nothing restricts its pods. */
struct policy_class {
	__u64 revision; /* another number whenever the class' policy changes */
	__u32 flags;	/* class_flags: a direction that is not enforced is allowed whole */
	__u32 pad;
};

/*
 * policies: class -> trie of these. Longest match among the entries of the peer's identity, else among those of identity 0 (any
 * peer); no match is a denial.
 */
struct policy_key {
	__u32 prefix_length; /* 40: any protocol; 48: a whole protocol; 48 + n: the first n bits of the port */
	__u32 identity;
	enum direction direction;
	__u8 protocol;
	__be16 port; /* of the serving side; ICMP: the type */
};

struct policy_entry {
	__u32 flags; /* policy_flags */
	__u32 slot;  /* L7 rules that hold, 0: none */
};

/* slots: where Envoy listens for the connections of a slot. */
struct slot_port {
	__be16 port; /* on 127.0.0.1 */
	__u16 pad;
};

/* announcements: addresses of the LAN that this node answers ARP for, by the device on which it does. */
struct announcement_key {
	struct address address;
	__u32 ifindex;
};

struct announcement {
	__u64 term;	      /* of the list by which it does */
	__u64 claim_term;     /* of the claim that it has yielded to, 0: that did not say */
	__u32 flags;	      /* announcement_flags */
	__u16 claim_position; /* in that claim's list */
	__u8 mac[6];	      /* the device's */
	__u8 claim_mac[6];    /* who claimed */
	__u8 pad[6];
};

struct affinity_key {
	struct address client;
	__u32 service;
};

struct affinity_value {
	__u64 used; /* ns since boot */
	__u32 backend;
	__u32 index; /* where the set had it last */
};

struct metric_key {
	enum drop_reason reason;
	enum direction direction;
	enum hook hook;
	__u8 pad;
};

struct metric_value {
	__u64 packets;
	__u64 bytes;
};

/* A connection's direction, as its packets arrive. ICMP echo: the identifier is the sender's port of the request. */
struct ct_key {
	struct address source;
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	enum ct_scope scope;
	__u16 pad;
};

struct ct_flow {
	__u64 expires;		    /* ns since boot */
	struct address source;	    /* what to rewrite to; equal to the key where nothing is translated */
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u32 backend;  /* number, 0: not balanced */
	__u32 identity; /* of who opened the connection */
	__u32 flags;	/* ct_flags */
	__u32 slot;	/* of L7 rules by which Envoy judges it, 0: none */
	__u64 judged;	/* by which class and revision it was allowed, 0: unrestricted */
};

struct ct_entry {
	struct bpf_timer timer; /* armed in the entry of the original direction */
	struct ct_flow flow;
};

/* proxy_flows: what comes back on a connection that Envoy opened in its client's name. */
struct proxy_flow {
	__be32 source;
	__be32 destination;
	__be16 source_port;
	__be16 destination_port;
};

/* Ports of a datagram's first fragment, for those that follow. */
struct fragment_key {
	__be32 source;
	__be32 destination;
	__be16 id;
	__u8 protocol;
	enum hook hook;
};

struct fragment_ports {
	__be16 source_port;
	__be16 destination_port;
};

#endif
