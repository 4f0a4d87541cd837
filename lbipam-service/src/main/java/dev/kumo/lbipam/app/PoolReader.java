// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.app;

import dev.kumo.lbipam.crd.AllowFirstLastIps;
import dev.kumo.lbipam.crd.CiliumLoadBalancerIPPool;
import dev.kumo.lbipam.crd.IpBlock;
import dev.kumo.lbipam.model.PoolView;
import dev.kumo.lbipam.model.PoolView.BlockView;
import dev.kumo.lbipam.model.SelectorView;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads pools into the model. Stateless. */
public final class PoolReader {
    private PoolReader() {}

    public static PoolView pool(CiliumLoadBalancerIPPool pool) {
        var spec = Optional.ofNullable(pool.getSpec());
        return new PoolView(
                pool.getMetadata().getName(),
                StatusReader.stamp(pool.getMetadata()),
                spec.map(s -> s.blocks()).orElse(List.of()).stream()
                        .map(PoolReader::block)
                        .toList(),
                selector(spec.map(s -> s.serviceSelector()).orElse(null)),
                spec.map(s -> s.disabled()).orElse(false),
                spec.map(s -> s.allowFirstLastIPs()).orElse(AllowFirstLastIps.YES) == AllowFirstLastIps.YES,
                StatusReader.conditions(Optional.ofNullable(pool.getStatus())
                        .map(status -> status.conditions())
                        .orElse(null)));
    }

    private static BlockView block(IpBlock block) {
        return new BlockView(text(block.cidr()), text(block.start()), text(block.stop()));
    }

    private static SelectorView selector(@Nullable LabelSelector selector) {
        if (selector == null) {
            return new SelectorView(new TreeMap<>(), List.of());
        }
        return new SelectorView(
                selector.getMatchLabels() == null ? new TreeMap<>() : new TreeMap<>(selector.getMatchLabels()),
                Objects.requireNonNullElse(selector.getMatchExpressions(), List.<LabelSelectorRequirement>of()).stream()
                        .map(expression -> new SelectorView.Expression(
                                text(expression.getKey()),
                                text(expression.getOperator()),
                                expression.getValues() == null ? List.of() : expression.getValues()))
                        .toList());
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }
}
