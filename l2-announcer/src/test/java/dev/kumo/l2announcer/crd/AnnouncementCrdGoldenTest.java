// SPDX-License-Identifier: Apache-2.0
package dev.kumo.l2announcer.crd;

import dev.kumo.testkit.crd.CrdGolden;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementCrdGoldenTest {
    @Test
    void announcementPolicy() throws IOException {
        CrdGolden.check(List.of(CiliumL2AnnouncementPolicy.class));
    }
}
