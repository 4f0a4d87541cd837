// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.endpoint;

import dev.kumo.dataplane.link.PodLink;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Comparator;

/**
 * An interface of a sandbox: what CNI adds and deletes.
 *
 * @param container the sandbox's id as the runtime names it
 * @param ifname the interface's name in the sandbox, {@code eth0} as a rule
 */
@RegisterForReflection
public record Attachment(String container, String ifname) implements Comparable<Attachment> {
    private static final Comparator<Attachment> ORDER =
            Comparator.comparing(Attachment::container).thenComparing(Attachment::ifname);
    private static final String USUAL_NAME = "eth0";

    /** The node's side of its link; a sandbox's further interfaces have names of their own. */
    public String hostName() {
        return PodLink.hostName(ifname.equals(USUAL_NAME) ? container : this.toString());
    }

    @Override
    public int compareTo(Attachment other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return container + "/" + ifname;
    }
}
