// SPDX-License-Identifier: Apache-2.0
package dev.kumo.lbipam.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kumo.lbipam.plan.ServiceProblem.Reason;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4Test {
    private final ArrayList<Reason> refused = new ArrayList<>();

    @Test
    void readsAnAddressAsKubernetesWritesIt() {
        assertThat(Ipv4.parse("10.96.0.10", refused::add))
                .hasValueSatisfying(address -> assertThat(address.toString()).isEqualTo("10.96.0.10"));
        assertThat(refused).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "*", "None", "10.1", "167772161", "0x0a000001", "10.0.0.0/8", "10.0.0.1-3", "web"})
    void refusesWhatIsNoSingleAddress(String text) {
        assertThat(Ipv4.parse(text, refused::add)).isEmpty();
        assertThat(refused).containsExactly(Reason.INVALID_ADDRESS);
    }

    @Test
    void saysThatIpv6IsNotServed() {
        assertThat(Ipv4.parse("fd00::1", refused::add)).isEmpty();
        assertThat(refused).containsExactly(Reason.ADDRESS_FAMILY_UNSUPPORTED);
    }
}
