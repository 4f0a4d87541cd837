// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kumo.contract.feed.v1.ReportBatch;
import dev.kumo.contract.feed.v1.ReportHello;
import dev.kumo.contract.feed.v1.ReportRequest;
import dev.kumo.contract.feed.v1.ReportResponse;
import dev.kumo.stream.FeedMethods;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.Reason;
import dev.kumo.stream.ReportTable;
import dev.kumo.stream.StateItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/** The receiving side of one Report stream. On the call's sequence. */
final class ReportSession implements CallHandler {
    private final NodeCall call;
    private final ReportTable reports;
    private final ReportCheck check;
    private final Set<ItemKey> said = new HashSet<>();
    private boolean opened;

    ReportSession(NodeCall call, ReportTable reports, ReportCheck check) {
        this.call = call;
        this.reports = reports;
        this.check = check;
    }

    @Override
    public void message(byte[] bytes) throws InvalidProtocolBufferException {
        var request = ReportRequest.parseFrom(bytes);
        switch (request.getMessageCase()) {
            case HELLO -> hello(request.getHello());
            case BATCH -> batch(request.getBatch());
            case CREDENTIAL -> call.renew(request.getCredential().getToken());
            case MESSAGE_NOT_SET -> throw new IllegalArgumentException("an empty message");
        }
    }

    @Override
    public void ready() {}

    @Override
    public void closed() {
        if (opened) {
            reports.closed(call.node(), this);
        }
    }

    private void hello(ReportHello hello) {
        if (opened) {
            throw new IllegalArgumentException("a second hello");
        }
        if (!hello.getNode().equals(call.node())) {
            call.close(Reason.WRONG_NODE, "node " + call.node() + " speaks for node " + hello.getNode());
            return;
        }
        if (hello.getProtocol() != FeedMethods.PROTOCOL) {
            call.close(Reason.UNSUPPORTED, "this replica speaks protocol " + FeedMethods.PROTOCOL);
            return;
        }
        opened = true;
        reports.opened(call.node(), this);
    }

    /** What is refused is not taken, and what the node said before under that key is no longer true either. */
    private void batch(ReportBatch batch) {
        if (!opened) {
            throw new IllegalArgumentException("a report before hello");
        }
        var response = ReportResponse.newBuilder().setSequence(batch.getSequence());
        var upserts = new ArrayList<StateItem>();
        var removes = new ArrayList<ItemKey>();
        batch.getRemovesList().forEach(ref -> removes.add(ItemKey.of(ref)));
        for (var proto : batch.getUpsertsList()) {
            var item = StateItem.received(proto);
            check.check(call.node(), item)
                    .ifPresentOrElse(
                            refusal -> {
                                removes.add(item.key());
                                response.addRefusals(refusal.toProto());
                            },
                            () -> upserts.add(item));
        }
        removes.forEach(said::remove);
        upserts.forEach(item -> said.add(item.key()));
        reports.changed(call.node(), this, upserts, removes);
        if (batch.getInSync()) {
            reports.inSync(call.node(), this, said);
        }
        call.send(response.build());
    }
}
