// SPDX-License-Identifier: Apache-2.0
package dev.kumo.testkit.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.util.Random;

/** Makes a seeded generator a fuzzed one: each choice is a byte of the fuzzer's, 0 when there are no more. One thread. */
public final class FuzzedRandom extends Random {
    private static final long serialVersionUID = 1;

    private final transient FuzzedDataProvider data;

    public FuzzedRandom(FuzzedDataProvider data) {
        super(0);
        this.data = data;
    }

    @Override
    protected int next(int bits) {
        return (data.consumeByte() << 24) >>> (32 - bits);
    }
}
