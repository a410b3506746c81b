using System.Buffers;
using System.Net.WebSockets;
using DroneOps.Media;

namespace DroneOps.Server.Video;

/// <summary>One viewer's WebSocket: the pictures as they come, and between them how the stream is and where the camera looks.</summary>
/// <param name="pictures">The pictures that are sent: the stream's own, or the same coded anew.</param>
/// <remarks>Owner: the request. The loop waits for the network with each message; meanwhile pictures gather in the viewer's own queue, and what does
/// not fit is dropped there.</remarks>
internal sealed class LiveSession(VideoStream stream, LiveStream pictures, CameraViews views, WebSocket socket, LiveForm form, int queue, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ViewEvery = TimeSpan.FromMilliseconds(200);

    private readonly Viewer _viewer = pictures.Watch(queue);
    private readonly CancellationTokenSource _ended = new();
    private readonly Mp4Messages? _mp4 = form == LiveForm.Mp4 ? new() : null;
    private StreamState? _told;
    private VideoFormat? _format;
    private DateTimeOffset _lookedAt;
    private DateTimeOffset _viewAt;

    /// <summary>Pictures sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Pictures that were dropped because this viewer was too slow.</summary>
    public long Dropped => _viewer.Dropped;

    /// <summary>Ends it; may be called at any time.</summary>
    public void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended already.
        }

        _viewer.Nudge();
    }

    /// <summary>Plays until the viewer leaves or the stream or the session ends.</summary>
    public async Task RunAsync()
    {
        var listening = ListenAsync();
        try
        {
            do
            {
                await TellAsync();
                while (!_ended.IsCancellationRequested && _viewer.TryTake(out var picture, out var number))
                {
                    using (picture)
                        await SendAsync(picture, number);
                }
            }
            while (await _viewer.WaitAsync() && !_ended.IsCancellationRequested);

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException or IOException or InvalidOperationException && socket.State != WebSocketState.Open)
        {
            // The viewer has gone, or the service closes.
        }
        finally
        {
            End();
            await listening;
        }
    }

    public void Dispose()
    {
        _viewer.Dispose();
        _mp4?.Dispose();
        _ended.Dispose();
    }

    private async Task TellAsync()
    {
        var now = time.GetUtcNow();
        var state = stream.StateAt(now);
        if (state != _told)
        {
            _told = state;
            await socket.SendAsync(LiveText.State(state, stream.AgeAt(now)), WebSocketMessageType.Text, true, _ended.Token);
        }

        if (now - _lookedAt < ViewEvery)
            return;
        _lookedAt = now;
        if (views.Of(stream, now) is not { } view || view.At == _viewAt)
            return;
        _viewAt = view.At;
        await socket.SendAsync(LiveText.View(view), WebSocketMessageType.Text, true, _ended.Token);
    }

    private async ValueTask SendAsync(Picture picture, uint number)
    {
        if (!ReferenceEquals(picture.Format, _format))
        {
            _format = picture.Format;
            await socket.SendAsync(LiveText.Format(_format), WebSocketMessageType.Text, true, _ended.Token);
            if (_mp4 is not null)
                await socket.SendAsync(_mp4.Begin(_format), WebSocketMessageType.Binary, true, _ended.Token);
        }

        Sent++;
        if (_mp4 is not null)
        {
            await socket.SendAsync(_mp4.Of(picture), WebSocketMessageType.Binary, true, _ended.Token);
            return;
        }

        // In one message and one piece: two would be two writes to the network.
        var buffer = ArrayPool<byte>.Shared.Rent(PictureMessage.HeaderLength + picture.Data.Length);
        try
        {
            var length = PictureMessage.Write(picture, number, buffer);
            await socket.SendAsync(buffer.AsMemory(0, length), WebSocketMessageType.Binary, true, _ended.Token);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // What a viewer says is not listened to, but its close and its pongs come this way.
    private async Task ListenAsync()
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), _ended.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException or IOException)
        {
            // Gone without a word.
        }

        End();
    }
}
