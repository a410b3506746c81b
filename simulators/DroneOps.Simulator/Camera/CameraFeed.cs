using System.Collections.Concurrent;
using System.Net;

namespace DroneOps.Simulator.Camera;

/// <summary>One stream of one vehicle's camera: draws, encodes and sends picture after picture. <see cref="RunAsync"/> is its loop; what the
/// encoder gives back is read and sent beside it, at once.</summary>
internal sealed class CameraFeed(CameraMount mount, byte systemId, TileStore store, IPEndPoint target, ulong seed, TimeProvider time)
{
    /// <summary>Pictures on their way through the encoder; it holds none back, so more than a few mean that it hangs.</summary>
    private const int MostOnTheWay = 50;

    /// <summary>A second of silence before an encoder that ended is started anew.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _pictures;
    private int _encoder;

    /// <summary>Pictures that were sent.</summary>
    public long Pictures => Volatile.Read(ref _pictures);

    /// <summary>The process that encodes now; 0 for none.</summary>
    public int EncoderProcess => Volatile.Read(ref _encoder);

    /// <summary>Sends until cancelled. A camera that is silent, or whose encoder ended, begins anew.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await WhileSilentAsync(cancellationToken);
                try
                {
                    await StreamAsync(cancellationToken);
                }
                catch (Exception failure) when (failure is IOException or InvalidDataException)
                {
                    await Console.Error.WriteLineAsync($"droneops-sim: camera of vehicle {systemId}: {failure.Message}");
                    await Task.Delay(Pause, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The asked-for end.
        }
    }

    private async Task WhileSilentAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / mount.Setup.Rate), time);
        while (mount.Latest is null or { Faults.IsSilent: true })
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    /// <summary>Streams in one size, until another is wanted or silence.</summary>
    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        var setup = mount.Setup;
        var rows = mount.Latest!.Faults.Height;
        var (width, height) = rows > 0 ? (rows * setup.Width / setup.Height & ~1, rows) : (setup.Width, setup.Height);
        var scene = new Scene(store, seed, width, height);
        var picture = new YuvPicture(width, height);
        var onTheWay = new ConcurrentQueue<Frame>();
        using var sender = new CameraSender(target, systemId, width, height, seed, time);
        await using var encoder = VideoEncoder.Start(width, height, setup.Rate, setup.BitRate);
        Volatile.Write(ref _encoder, encoder.ProcessId);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = SendAsync(encoder, sender, onTheWay, end.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1 / setup.Rate), time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken) && !sending.IsCompleted && mount.Latest is { } shot)
            {
                if (shot.Faults.IsSilent || shot.Faults.Height != rows)
                    break;
                var now = time.GetUtcNow();
                if (shot.Faults.IsBlack)
                    picture.Fill(new Tint(16, 128, 128));
                else if (!shot.Faults.IsFrozen)
                    Draw(scene, shot, now, picture);
                if (onTheWay.Count >= MostOnTheWay)
                    throw new IOException("the encoder hangs");
                onTheWay.Enqueue(new(now, shot));
                await encoder.WriteAsync(picture, cancellationToken);
            }

            encoder.Finish();
            await sending;
        }
        finally
        {
            await end.CancelAsync();
            Volatile.Write(ref _encoder, 0);
            await sending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Draw(Scene scene, CameraShot shot, DateTimeOffset now, YuvPicture picture)
    {
        scene.Draw(shot.Over(store.Map, picture.Width, picture.Height), now.TimeOfDay.TotalSeconds, picture);
        Inscription.Write(picture, now, FormattableString.Invariant($"DRONE {systemId}"));
    }

    private async Task SendAsync(VideoEncoder encoder, CameraSender sender, ConcurrentQueue<Frame> onTheWay, CancellationToken cancellationToken)
    {
        while (await encoder.ReadAsync(cancellationToken) is { } unit)
        {
            // One picture comes out for each that went in, in the same order.
            if (!onTheWay.TryDequeue(out var frame))
                throw new InvalidDataException("the encoder gave more pictures than it was given");
            sender.Send(unit.Span, frame.At, frame.Shot);
            Interlocked.Increment(ref _pictures);
        }
    }

    private readonly record struct Frame(DateTimeOffset At, CameraShot Shot);
}
