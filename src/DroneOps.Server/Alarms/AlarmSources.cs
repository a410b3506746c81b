using DroneOps.Server.Api;
using DroneOps.Server.Audit;
using DroneOps.Server.Cluster;
using DroneOps.Server.Fleet;
using DroneOps.Server.Incidents;
using DroneOps.Server.Sorties;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Alarms;

/// <summary>Brings to the alarms what the slices below tell, and the time: each has its own stream, and this is the one place that knows them
/// all. A new source is one more handler here that makes <see cref="Condition"/>s.</summary>
internal sealed partial class AlarmSources(
    FleetEvents fleet, VehicleBoard vehicles, IncidentChanges incidents, SortieChanges sorties, RecordingConditions recordings, UpkeepConditions upkeep, AuditLog audit, AlarmBook book, IncidentWatch watch,
    IDbContextFactory<FleetDb> databases, Quiescence quiescence, TimeProvider time, ILogger<AlarmSources> logger) : BackgroundService
{
    private const string AuditSubject = "audit/log";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly FleetSubscription _subscription = fleet.Subscribe("alarms");
    private readonly Bell _bell = new(quiescence);
    private ITimer? _timer;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        incidents.Changed += watch.Take;
        sorties.Changed += OnSortie;
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
            await watch.RestoreAsync(db, cancellationToken);
        _timer = time.CreateTimer(_ => _bell.Ring(), null, Every, Every);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        incidents.Changed -= watch.Take;
        sorties.Changed -= OnSortie;
        if (_timer is not null)
            await _timer.DisposeAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _timer?.Dispose();
        _subscription.Dispose();
        _bell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(_subscription.ReadAsync(OnEvent, stoppingToken), _bell.AnswerAsync(TickAsync, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Closing; what stands is in the store.
        }
    }

    private ValueTask OnEvent(FleetEvent happened, CancellationToken cancellation)
    {
        foreach (var condition in VehicleConditions.Of(happened, vehicles.Find(happened.VehicleId)))
            book.Apply(condition);
        return ValueTask.CompletedTask;
    }

    /// <summary>No flight without a purpose; one that is over and still owes it calls for it.</summary>
    private void OnSortie(SortieView sortie)
    {
        var subject = $"sortie/{sortie.Id}";
        book.Apply(sortie is { State: "closed", Debt.SettledAt: null }
            ? new Condition.Raise(AlarmCatalog.PurposeMissing, subject, time.GetUtcNow(), AlarmPriority.Advisory, $"{sortie.VehicleName}: the flight has no purpose yet.") { VehicleId = sortie.VehicleId }
            : new Condition.Clear(AlarmCatalog.PurposeMissing, subject, time.GetUtcNow()));
    }

    private async Task TickAsync(CancellationToken cancellation)
    {
        book.Apply(audit.IsWriting
            ? new Condition.Clear(AlarmCatalog.AuditNotWritable, AuditSubject, time.GetUtcNow())
            : new Condition.Raise(AlarmCatalog.AuditNotWritable, AuditSubject, time.GetUtcNow(), AlarmPriority.Warning, "The audit log cannot be written. Nothing that needs an entry is done."));
        foreach (var condition in recordings.Look().Concat(upkeep.Look()))
            book.Apply(condition);
        watch.Look();
        book.Tick();
        foreach (var held in book.Expired)
            await EndShelfAsync(held, cancellation);
    }

    private async Task EndShelfAsync(HeldAlarm held, CancellationToken cancellation)
    {
        try
        {
            await audit.AppendAsync(new AuditEntry(Actors.System, "alarm.shelfEnded", $"alarm/{held.Code}", new { held.Subject, held.By, held.Until }), cancellation);
        }
        catch (Exception error) when (error is not OperationCanceledException && !audit.IsWriting)
        {
            // An alarm must not stay quiet because the log is broken: coming back is the safe side.
            LogNotAudited(error, held.Code);
        }

        book.Lift(held);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The shelf of alarm {Code} ended without an entry in the audit log")]
    private partial void LogNotAudited(Exception error, string code);
}
