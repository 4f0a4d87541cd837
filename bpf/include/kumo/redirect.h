/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frontends that a listener of Envoy's serves. Nothing is translated and nothing is remembered of their connections: Envoy's
 * sockets bear the frontend's address.
 */
#ifndef KUMO_REDIRECT_H
#define KUMO_REDIRECT_H

#include "proxy.h"
#include "service.h"

/* Whether a socket of the node has just this connection. */
static __noinline int has_socket(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {.saddr = p->source,
						.daddr = p->destination,
						.sport = p->key.source_port,
						.dport = p->key.destination_port}};
	struct bpf_sock *socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);
	int found;

	if (!socket)
		return 0;
	found = socket->state != BPF_TCP_LISTEN;
	bpf_sk_release(socket);
	return found;
}

/*
 * Whether a packet for a frontend is Envoy's. New connections are while the frontend has a slot; those that Envoy has stay with
 * it when the slot goes.
 */
static __noinline int is_redirected(struct __sk_buff *skb, const struct packet *p, const struct frontend *frontend)
{
	if (frontend->slot)
		return 1;
	return p->key.protocol == IPPROTO_TCP && p->l4 && !is_opening(p) && has_socket(skb, p);
}

/* To the listener of the frontend's slot, or to the connection that Envoy has. */
static __always_inline int redirect(struct __sk_buff *skb, const struct packet *p)
{
	return give_to_proxy(skb, p, port_of_slot(p, p->slot));
}

#endif
