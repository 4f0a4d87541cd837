// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.cni;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Stands where the dataplane would: notes requests and answers with prepared bytes. */
final class ScriptedDataplane implements AutoCloseable {
    private final ServerSocketChannel channel;
    private final String answer;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    private ScriptedDataplane(Path socket, String answer) throws IOException {
        this.channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        this.channel.bind(UnixDomainSocketAddress.of(socket));
        this.answer = answer;
    }

    static ScriptedDataplane answering(Path socket, String answer) throws IOException {
        var dataplane = new ScriptedDataplane(socket, answer);
        Thread.ofPlatform().daemon(true).start(() -> dataplane.serve(false));
        return dataplane;
    }

    /** Takes requests and holds its tongue until it is closed. */
    static ScriptedDataplane silent(Path socket) throws IOException {
        var dataplane = new ScriptedDataplane(socket, "");
        Thread.ofPlatform().daemon(true).start(() -> dataplane.serve(true));
        return dataplane;
    }

    List<String> requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        channel.close();
    }

    private void serve(boolean silent) {
        while (channel.isOpen()) {
            try (SocketChannel connection = channel.accept()) {
                requests.add(new String(Channels.newInputStream(connection).readAllBytes(), StandardCharsets.UTF_8));
                if (silent) {
                    end.await();
                }
                connection.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
