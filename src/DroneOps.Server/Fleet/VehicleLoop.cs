using System.Threading.Channels;
using DroneOps.Links;
using DroneOps.Mavlink;
using DroneOps.Server.Cluster;
using DroneOps.Vehicles;

namespace DroneOps.Server.Fleet;

/// <summary>Owns one <see cref="Vehicle"/>: every frame, order and tick of it is handled here, one after the other, on the node that
/// holds its link.</summary>
/// <remarks>Two bounded queues. Frames: a flood drops the oldest and counts it, since newer telemetry replaces older. Orders
/// (commands, transfers, ticks): refused when full, so that a command is never silently late.</remarks>
internal sealed partial class VehicleLoop : IAsyncDisposable
{
    private const int FrameQueue = 1024;
    private const int OrderQueue = 64;

    private readonly Vehicle _vehicle;
    private readonly Channel<ReceivedFrame> _frames;
    private readonly Channel<Order> _orders = Channel.CreateBounded<Order>(new BoundedChannelOptions(OrderQueue) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Dictionary<int, TaskCompletionSource<VehicleFact>> _awaited = [];
    private readonly VehiclePorts _ports;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger<VehicleLoop> _logger;
    private readonly Task _running;
    private DateTimeOffset _shownAt = DateTimeOffset.MinValue;
    private int _tickQueued;
    private long _droppedFrames;

    /// <summary>Starts the loop.</summary>
    /// <param name="vehicle">The conversation; from now on nobody else touches it.</param>
    /// <param name="ports">What the loop reads from and speaks to.</param>
    public VehicleLoop(Vehicle vehicle, VehiclePorts ports, ILogger<VehicleLoop> logger)
    {
        _vehicle = vehicle;
        _ports = ports;
        _logger = logger;
        _frames = Channel.CreateBounded<ReceivedFrame>(
            new BoundedChannelOptions(FrameQueue) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped =>
            {
                Interlocked.Increment(ref _droppedFrames);
                dropped.Dispose();
                ports.Quiescence.End();
            });
        _running = Task.Run(RunAsync);
    }

    /// <summary>The vehicle's address.</summary>
    public VehicleKey Key => _vehicle.Key;

    /// <summary>Whether the vehicle was in the air when it was last put up.</summary>
    public bool IsInAir { get; private set; }

    /// <summary>Frames that a flood pushed out.</summary>
    public long DroppedFrames => Interlocked.Read(ref _droppedFrames);

    /// <summary>Takes over a frame of this vehicle.</summary>
    public void Post(ReceivedFrame frame)
    {
        _ports.Quiescence.Begin();
        if (_frames.Writer.TryWrite(frame))
        {
            Wake();
            return;
        }

        frame.Dispose();
        _ports.Quiescence.End();
    }

    /// <summary>Lets the vehicle look at the clock. One tick waits at most: a loop that is behind does not need two.</summary>
    public void Tick()
    {
        if (Interlocked.Exchange(ref _tickQueued, 1) == 0 && !TryOrder(new Order(static (loop, now) => loop.OnTick(now))))
            Volatile.Write(ref _tickQueued, 0);
    }

    /// <summary>Begins a command.</summary>
    /// <returns>How it ended: a <see cref="VehicleFact.CommandConcluded"/>, or null when the loop had no room or is closing.</returns>
    public Task<VehicleFact>? Command(VehicleCommand command) => Begin((vehicle, now) => vehicle.Begin(command, now));

    /// <summary>Begins to write a plan; ends in a <see cref="VehicleFact.PlanTransferConcluded"/>.</summary>
    public Task<VehicleFact>? Upload(PlanKind kind, IReadOnlyList<Mavlink.Messages.MissionItemInt> items) => Begin((vehicle, now) => vehicle.BeginUpload(kind, items, now));

    /// <summary>Begins to read a plan; ends in a <see cref="VehicleFact.PlanTransferConcluded"/>.</summary>
    public Task<VehicleFact>? Download(PlanKind kind) => Begin((vehicle, now) => vehicle.BeginDownload(kind, now));

    /// <summary>Puts the vehicle up on the board anew: its assignment, its control or its name changed.</summary>
    public void Refresh() => TryOrder(new Order(static (loop, now) => loop.Show(now)));

    public async ValueTask DisposeAsync()
    {
        _orders.Writer.TryComplete();
        await _stopping.CancelAsync();
        Wake();
        await _running;
        while (_frames.Reader.TryRead(out var frame))
        {
            frame.Dispose();
            _ports.Quiescence.End();
        }

        while (_orders.Reader.TryRead(out var order))
        {
            order.Refuse();
            _ports.Quiescence.End();
        }

        foreach (var waiting in _awaited.Values)
            Refuse(waiting);
        _stopping.Dispose();
        _wake.Dispose();
    }

    private Task<VehicleFact>? Begin(Func<Vehicle, DateTimeOffset, int> begin)
    {
        var concluded = new TaskCompletionSource<VehicleFact>(TaskCreationOptions.RunContinuationsAsynchronously);
        var order = new Order((loop, now) => loop._awaited[begin(loop._vehicle, now)] = concluded, () => Refuse(concluded));
        if (!TryOrder(order))
            return null;
        _ports.Quiescence.BeginAnswer();
        return concluded.Task;
    }

    private void Refuse(TaskCompletionSource<VehicleFact> awaited)
    {
        _ports.Quiescence.EndAnswer();
        awaited.TrySetCanceled();
    }

    private bool TryOrder(Order order)
    {
        _ports.Quiescence.Begin();
        if (_orders.Writer.TryWrite(order))
        {
            Wake();
            return true;
        }

        _ports.Quiescence.End();
        return false;
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else woke the loop between the look and the release: that serves both.
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended; what was queued is given back by DisposeAsync.
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                while (await TakeOneAsync())
                {
                }

                // Closing wakes it, too: a token would cost a registration for each of the many waits of a second.
                await _wake.WaitAsync();
            }
        }
        catch (Exception end) when (_stopping.IsCancellationRequested)
        {
            // Closing: what breaks now keeps nobody else from closing.
            if (end is not OperationCanceledException)
                LogMistake(end, Key);
        }
    }

    /// <summary>Takes one order or frame. What fails with it is lost; the loop goes on, since no command reaches the vehicle without it.</summary>
    private async ValueTask<bool> TakeOneAsync()
    {
        try
        {
            return await TakeNextAsync();
        }
        catch (Exception mistake) when (!_stopping.IsCancellationRequested)
        {
            LogMistake(mistake, Key);
            return true;
        }
    }

    /// <summary>Orders before frames: a command does not wait behind telemetry.</summary>
    private async ValueTask<bool> TakeNextAsync()
    {
        if (_orders.Reader.TryRead(out var order))
        {
            try
            {
                Run(order);
                await FlushAsync();
            }
            finally
            {
                _ports.Quiescence.End();
            }

            return true;
        }

        if (_frames.Reader.TryRead(out var frame))
        {
            try
            {
                OnFrame(frame);
                await FlushAsync();
            }
            finally
            {
                frame.Dispose();
                _ports.Quiescence.End();
            }

            return true;
        }

        return false;
    }

    private void Run(in Order order)
    {
        try
        {
            order.Run(this, _ports.Time.GetUtcNow());
        }
        catch
        {
            // Nothing will conclude what did not begin.
            order.Refuse();
            throw;
        }
    }

    private void OnFrame(ReceivedFrame frame) => _vehicle.OnMessage(frame.View(MessageCatalog.Default), frame.ReceivedAt, frame.LinkId.Value);

    private void OnTick(DateTimeOffset now)
    {
        Volatile.Write(ref _tickQueued, 0);
        _vehicle.Tick(now);
        _ports.Alive(now);
    }

    /// <summary>Passes on what the vehicle wants to say, to it and to us.</summary>
    private async ValueTask FlushAsync()
    {
        var now = _ports.Time.GetUtcNow();
        while (_vehicle.TryTakeOutgoing(out var outgoing))
            Send(outgoing, now);

        var (urgent, moved) = (false, false);
        while (_vehicle.TryTakeFact(out var fact))
        {
            urgent |= fact is not (VehicleFact.PositionFixed or VehicleFact.BatteryReported or VehicleFact.CommandProgressed);
            moved |= fact is VehicleFact.PositionFixed;
            Conclude(fact);
            await _ports.PublishAsync(fact, _stopping.Token);
        }

        if (urgent || now - _shownAt >= (moved ? VehiclePorts.ShowMovesEvery : VehiclePorts.ShowEvery))
            Show(now);
    }

    private void Send(in Outgoing outgoing, DateTimeOffset now)
    {
        var result = outgoing.ByAllWays ? SendByAllWays(outgoing, now) : _ports.Router.Send(Key.Network, Key.SystemId, outgoing.Message, _ports.Self, outgoing.NotAfter);
        if (result == SendResult.Sent)
            return;

        LogNotSent(Key, outgoing.Message.MessageId, result);
        if (outgoing.SendId != 0)
        {
            _vehicle.NotSent(outgoing, result switch
            {
                SendResult.QueueFull => NotSentReason.QueueFull,
                SendResult.Expired => NotSentReason.Expired,
                _ => NotSentReason.LinkLost,
            }, now);
        }
    }

    private SendResult SendByAllWays(in Outgoing outgoing, DateTimeOffset now)
    {
        var (result, copies) = _ports.Router.SendByAllWays(Key.Network, Key.SystemId, outgoing.Message, _ports.Self, outgoing.NotAfter);
        if (copies > 1)
            _vehicle.SentCopies(outgoing, copies, now);
        return result;
    }

    private void Conclude(VehicleFact fact)
    {
        var ticket = fact switch
        {
            VehicleFact.CommandConcluded done => done.Ticket,
            VehicleFact.PlanTransferConcluded done => done.Ticket,
            _ => 0,
        };
        if (ticket == 0 || !_awaited.Remove(ticket, out var waiting))
            return;
        _ports.Quiescence.EndAnswer();
        waiting.TrySetResult(fact);
    }

    private void Show(DateTimeOffset now)
    {
        _shownAt = now;
        IsInAir = _vehicle.State.InAir == true;
        _ports.Show(_vehicle.Snapshot(now));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An order or a frame of {Vehicle} could not be dealt with")]
    private partial void LogMistake(Exception mistake, VehicleKey vehicle);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Message {MessageId} to {Vehicle} was not sent: {Result}")]
    private partial void LogNotSent(VehicleKey vehicle, uint messageId, SendResult result);

    private readonly struct Order(Action<VehicleLoop, DateTimeOffset> run, Action? refuse)
    {
        public Order(Action<VehicleLoop, DateTimeOffset> run)
            : this(run, null)
        {
        }

        public void Run(VehicleLoop loop, DateTimeOffset now) => run(loop, now);

        public void Refuse() => refuse?.Invoke();
    }
}

/// <summary>What a vehicle's loop reads from and speaks to.</summary>
internal sealed record VehiclePorts(
    Router Router, MavlinkAddress Self, TimeProvider Time, Quiescence Quiescence, Action<DateTimeOffset> Alive,
    Func<VehicleFact, CancellationToken, ValueTask> PublishAsync, Action<VehicleSnapshot> Show)
{
    /// <summary>How often a vehicle's state is put up where nothing urgent happened and no position came.</summary>
    public static readonly TimeSpan ShowEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How often with a new position: it is shown as it comes, so that what is seen of a vehicle is never older than its last
    /// position. Shorter than the 100 ms of clients that ask for 10 Hz, since positions come with some jitter.</summary>
    public static readonly TimeSpan ShowMovesEvery = TimeSpan.FromMilliseconds(50);
}
