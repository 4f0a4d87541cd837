// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"/v[0-9]+/.*", "(?i)abc", "a{3,10}", "\\\\1", "[a-z]+?"})
    void whatRe2CompilesIsKept(String expression) throws InvalidField {
        assertThat(Expressions.check("value", expression)).isEqualTo(expression);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[a", "(?=a)b", "(?<!a)b", "(a)\\1", "a++", "(?>a)", "a{1,2000}", "[a&&b]", ""})
    void whatEnvoyWouldRefuseIsRefusedHere(String expression) {
        assertThatThrownBy(() -> Expressions.check("value", expression))
                .isInstanceOf(InvalidField.class)
                .hasMessageStartingWith("value: ");
    }
}
