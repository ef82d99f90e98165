package trm4j.model.ranks;

import java.util.List;
import java.util.Optional;

/** One process, which has nobody to send anything to. */
final class Alone implements Ranks {

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public int localRank() {
        return 0;
    }

    @Override
    public int localSize() {
        return 1;
    }

    @Override
    public int threads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public String connection() {
        return "none";
    }

    @Override
    public List<String> remarks() {
        return List.of();
    }

    @Override
    public void allGather(float[] all, int[] starts) {
        // All of it is there.
    }

    @Override
    public void allGather(int[] all, int[] starts) {
        // All of it is there.
    }

    @Override
    public List<byte[]> allGather(byte[] own) {
        return List.of(own);
    }

    @Override
    public void allToAll(float[] send, int[] sendStarts, float[] receive, int[] receiveStarts) {
        System.arraycopy(send, sendStarts[0], receive, receiveStarts[0], sendStarts[1] - sendStarts[0]);
    }

    @Override
    public byte[] broadcast(byte[] bytes) {
        return bytes;
    }

    @Override
    public void broadcast(float[] values) {
        // They are its own.
    }

    @Override
    public void send(int to, float[] values, int from, int length) {
        throw nobody();
    }

    @Override
    public void receive(int from, float[] values, int at, int length) {
        throw nobody();
    }

    @Override
    public void send(int to, byte[] message) {
        throw nobody();
    }

    @Override
    public Optional<Message> poll() {
        return Optional.empty();
    }

    @Override
    public Message receive() {
        throw nobody();
    }

    private static IllegalStateException nobody() {
        return new IllegalStateException("There is no other rank");
    }

    @Override
    public void abort(int status) {
        // Nobody waits for it.
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
