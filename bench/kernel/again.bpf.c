// SPDX-License-Identifier: Apache-2.0
/*
 * BPF_PROG_TEST_RUN repeats a program on what its last run has left of the packet. This one puts the packet back as it was, then
 * tail-calls the program that is measured; `empty` in its place measures all of that alone.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define HEADERS 54 /* Ethernet, IPv4 and TCP without options */
#define SOURCE_PORT 34

struct start {
	__u32 mark;
	__u32 next_port; /* 0: the packet's own, each time; else another source port each time */
	__u8 headers[HEADERS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct start);
} start SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} measured SEC(".maps");

SEC("tc") int again(struct __sk_buff *skb)
{
	__u32 first = 0;
	struct start *as = bpf_map_lookup_elem(&start, &first);

	if (!as)
		return TC_ACT_SHOT;
	if (as->next_port)
		*(__be16 *)&as->headers[SOURCE_PORT] = bpf_htons(as->next_port++);
	skb->mark = as->mark;
	if (bpf_skb_store_bytes(skb, 0, as->headers, HEADERS, 0))
		return TC_ACT_SHOT;
	bpf_tail_call(skb, &measured, 0);
	return TC_ACT_SHOT;
}

SEC("tc") int empty(struct __sk_buff *skb)
{
	return TC_ACT_OK;
}

char _license[] SEC("license") = "GPL";
