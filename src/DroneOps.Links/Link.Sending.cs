using DroneOps.Links.Transports;
using DroneOps.Mavlink;
using DroneOps.Mavlink.Messages;

namespace DroneOps.Links;

public sealed partial class Link
{
    private readonly byte[] _frame = new byte[MavlinkFrame.MaxLength];
    private long _sentFrames;
    private long _sentBytes;
    private long _expired;

    /// <summary>Queues a message of ours.</summary>
    /// <param name="message">The message; it gets its sequence number when its turn comes.</param>
    /// <param name="sender">Our address.</param>
    /// <param name="peer">Whom to send it to, or null for everybody on this link who speaks for a system.</param>
    /// <param name="notAfter">When it is too late: checked right before the bytes go out.</param>
    public SendResult TrySend(OutgoingMessage message, MavlinkAddress sender, LinkPeer? peer, DateTimeOffset? notAfter) =>
        Add(new Outbound { Message = message, Sender = sender, Peer = peer, NotAfter = notAfter });

    /// <summary>Queues a message and waits until its bytes went out, or until it is certain that they will not.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">Our address.</param>
    /// <param name="peer">Whom to send it to, or null for everybody.</param>
    /// <param name="notAfter">When it is too late.</param>
    public Task<SendResult> SendAsync(OutgoingMessage message, MavlinkAddress sender, LinkPeer? peer, DateTimeOffset? notAfter)
    {
        TaskCompletionSource<SendResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var added = Add(new Outbound { Message = message, Sender = sender, Peer = peer, NotAfter = notAfter, Completion = completion });
        return added == SendResult.Sent ? completion.Task : Task.FromResult(added);
    }

    /// <summary>Queues somebody else's frame, byte for byte as it is; the oldest makes room when too many wait.
    /// The link takes over one holder's share of it whatever the result.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="peer">Whom to send it to, or null for everybody on this link.</param>
    public SendResult TryForward(ReceivedFrame frame, LinkPeer? peer)
    {
        Outbound item = new() { Frame = frame, Peer = peer };
        var added = _queue.TryAdd(SendQueue.Lane.Forward, item);
        if (added != SendResult.Sent)
            item.Complete(added);
        return added;
    }

    /// <summary>Sends bytes as they are to everybody on this link and waits until they went out: for players of recordings.</summary>
    /// <param name="bytes">One or more whole frames, not to be changed before the task ends.</param>
    public Task<SendResult> SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        TaskCompletionSource<SendResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var added = _queue.TryAdd(SendQueue.Lane.Ordinary, new Outbound { Raw = bytes, Completion = completion });
        return added == SendResult.Sent ? completion.Task : Task.FromResult(added);
    }

    private SendResult Add(in Outbound item)
    {
        if (item.NotAfter < _time.GetUtcNow())
        {
            Interlocked.Increment(ref _expired);
            return SendResult.Expired;
        }

        return _queue.TryAdd(IsUrgent(item.Message!.MessageId) ? SendQueue.Lane.Urgent : SendQueue.Lane.Ordinary, item);
    }

    private static bool IsUrgent(uint id) =>
        id == Heartbeat.MsgId || id == CommandLong.MsgId || id == CommandInt.MsgId || id == CommandAck.MsgId
        || id == SetMode.MsgId || id == SetPositionTargetGlobalInt.MsgId || id == CommandCancel.MsgId;

    private async Task WriteAsync(Transport transport, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (!cancellationToken.IsCancellationRequested && _queue.TryTake(out var item))
            {
                var result = SendResult.Broken;
                try
                {
                    result = await WriteAsync(transport, item, cancellationToken);
                }
                finally
                {
                    item.Complete(result);
                }
            }

            await _queue.WaitAsync(cancellationToken);
        }
    }

    private async ValueTask<SendResult> WriteAsync(Transport transport, Outbound item, CancellationToken cancellationToken)
    {
        if ((item.Peer ?? transport.FixedPeer) is { } one)
            return await WriteToAsync(transport, item, one, cancellationToken);

        // Read once: the reader replaces the array when peers come and go.
        var everybody = _peers.Addressable;
        var result = SendResult.NoLink;
        foreach (var peer in everybody)
        {
            var written = await WriteToAsync(transport, item, peer, cancellationToken);
            if (result != SendResult.Sent)
                result = written;
        }

        return result;
    }

    private async ValueTask<SendResult> WriteToAsync(Transport transport, Outbound item, LinkPeer peer, CancellationToken cancellationToken)
    {
        // A peer of a former connection, or one that lost its place, leads nowhere.
        if (!peer.IsAdmitted && !ReferenceEquals(peer, transport.FixedPeer))
            return SendResult.NoLink;
        if (item.NotAfter < _time.GetUtcNow())
        {
            Interlocked.Increment(ref _expired);
            return SendResult.Expired;
        }

        var bytes = item.Message is { } message
            ? _frame.AsMemory(0, WriteFrame(message, item.Sender, peer.NextSequence++))
            : item.Frame?.Bytes ?? item.Raw;
        await transport.WriteAsync(bytes, peer, cancellationToken);
        Interlocked.Increment(ref _sentFrames);
        Interlocked.Add(ref _sentBytes, bytes.Length);
        return SendResult.Sent;
    }

    private int WriteFrame(OutgoingMessage message, MavlinkAddress sender, byte sequence)
    {
        var length = FrameWriter.Write(_frame, message, sender, sequence);
        return _options.Signing?.Signer is { } signer ? signer.Sign(_frame, length, message.CrcExtra) : length;
    }
}
