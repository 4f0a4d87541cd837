// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

/**
 * A map that is, or may become, a value of a {@link MapOfMaps}. It lives as long as it is one or isn't closed; closing lets
 * go of the descriptor only.
 */
public interface InnerMap<K, V> extends KernelMap<K, V>, AutoCloseable {
    @Override
    void close();
}
