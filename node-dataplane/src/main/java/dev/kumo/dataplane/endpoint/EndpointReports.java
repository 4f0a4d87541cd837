// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import com.google.protobuf.ByteString;
import dev.kumo.contract.policy.v1.EndpointReport;
import dev.kumo.stream.ItemKey;
import dev.kumo.stream.StateItem;
import dev.kumo.stream.node.ReportSender;
import java.util.function.Consumer;

/**
 * Tells policy-service which pods have which address here. A pod is told by its newest interface; it is withdrawn with its
 * last one.
 */
public final class EndpointReports {
    private static final String TABLE = "endpoint_reports";

    private final Endpoints endpoints;
    private final Consumer<StateItem> put;
    private final Consumer<ItemKey> remove;

    public EndpointReports(Endpoints endpoints, ReportSender sender) {
        this(endpoints, sender::put, sender::remove);
    }

    EndpointReports(Endpoints endpoints, Consumer<StateItem> put, Consumer<ItemKey> remove) {
        this.endpoints = endpoints;
        this.put = put;
        this.remove = remove;
    }

    void tell(PodEndpoint endpoint) {
        var report = EndpointReport.newBuilder()
                .setPodUid(endpoint.pod().uid())
                .setNamespace(endpoint.pod().namespace())
                .setPod(endpoint.pod().name())
                .setAddress(ByteString.copyFrom(endpoint.address().bytes()))
                .setInstalledIdentity(endpoint.security().identity())
                .build();
        put.accept(StateItem.of(TABLE, endpoint.pod().uid(), report));
    }

    /** The interface is gone from the registry. */
    void withdraw(PodEndpoint gone) {
        var others = endpoints.ofPod(gone.pod().uid());
        if (others.isEmpty()) {
            remove.accept(new ItemKey(TABLE, gone.pod().uid()));
        } else {
            tell(others.getLast());
        }
    }
}
