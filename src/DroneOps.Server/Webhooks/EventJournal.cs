using System.Text.Json;
using DroneOps.Server.Cluster;
using DroneOps.Server.Feed;
using DroneOps.Server.Incidents;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace DroneOps.Server.Webhooks;

/// <summary>Writes the feed's events into the store while anybody subscribes, so that a restart loses none: couriers read them from there, each
/// at its own pace.</summary>
/// <remarks>Owner of the table <c>webhook_events</c>: its own loop. While the store does not take them the feed's ring holds the last 4096; what
/// falls out of it then is counted and logged.</remarks>
internal sealed partial class EventJournal : BackgroundService, IHostedLifecycleService
{
    private const int BatchLength = 500;
    private const int MostKept = 200_000;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    private readonly FeedLog _log;
    private readonly IDbContextFactory<FleetDb> _databases;
    private readonly WebhookMetrics _metrics;
    private readonly TimeSpan _keep;
    private readonly TimeProvider _time;
    private readonly ILogger<EventJournal> _logger;
    private readonly Bell _bell;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _position;
    private long _lastId;
    private bool _isWanted;
    private bool _isUnsure;
    private DateTimeOffset _cleanAt;

    public EventJournal(
        FeedLog log, IDbContextFactory<FleetDb> databases, WebhookMetrics metrics, IOptions<WebhooksOptions> options, Quiescence quiescence, TimeProvider time, ILogger<EventJournal> logger)
    {
        (_log, _databases, _metrics, _time, _logger) = (log, databases, metrics, time, logger);
        _keep = KeptFor(options.Value);
        _bell = new(quiescence);

        // Services are made before the first one starts: what the sources tell while they start is after this.
        _position = log.LastId;
    }

    /// <summary>Events were written.</summary>
    public event Action? Written;

    /// <summary>How long events are kept: nobody offers one to a receiver longer than this, a pause of as long again included.</summary>
    public static TimeSpan KeptFor(WebhooksOptions options) => (2 * TimeSpan.FromHours(options.KeepHours)) + CleanEvery;

    /// <summary>A subscription is about to be made: events are kept from now on.</summary>
    /// <returns>The cursor it begins with.</returns>
    public long Open()
    {
        Volatile.Write(ref _isWanted, true);
        return Math.Max(_log.LastId, Interlocked.Read(ref _lastId));
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellationToken);
        _isWanted = await db.Set<WebhookRecord>().AnyAsync(cancellationToken);
        _lastId = await db.Set<JournalEntry>().MaxAsync(entry => (long?)entry.Id, cancellationToken) ?? 0;
        if (_isWanted)
            await CatchUpAsync(db, cancellationToken);
        _log.Added += _bell.Ring;
        await base.StartAsync(cancellationToken);
        _bell.Ring();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Every other service has stopped, and told its last: write that too.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _log.Added -= _bell.Ring;
        await TryWriteAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _bell.Dispose();
        _gate.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(_bell.AnswerAsync(TryWriteAsync, stoppingToken), LookAgainAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The asked-for end; StoppedAsync writes the rest.
        }
    }

    /// <summary>A store that was away rings no bell when it is back.</summary>
    private async Task LookAgainAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
            _bell.Ring();
    }

    private async Task TryWriteAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            await WriteAsync(cancellation);
            await CleanAsync(cancellation);
        }
        catch (Exception error) when (Outage.Is(error))
        {
            _isUnsure = true;
            LogNotWritten(error);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        if (_isUnsure)
            await LookUpAsync(cancellation);
        while (true)
        {
            if (!_log.Reaches(_position))
            {
                var oldest = Math.Max(_position, _log.LastId - FeedLog.Length);
                LogLost(oldest - _position);
                _metrics.Lost(oldest - _position);
                _position = oldest;
            }

            List<JournalEntry> batch = [];
            var (position, id) = (_position, _lastId);
            while (batch.Count < BatchLength && _log.TryAfter(position, out var happened) && happened is not null)
            {
                position = happened.Id;
                if (Volatile.Read(ref _isWanted) && EntryOf(happened, Math.Max(happened.Id, id + 1)) is { } entry)
                {
                    batch.Add(entry);
                    id = entry.Id;
                }
            }

            if (position == _position && _log.Reaches(position))
                return;
            if (batch.Count > 0)
            {
                await using var db = await _databases.CreateDbContextAsync(cancellation);
                db.AddRange(batch);
                await db.SaveChangesAsync(cancellation);
            }

            _position = position;
            Interlocked.Exchange(ref _lastId, id);
            if (batch.Count > 0)
                Written?.Invoke();
        }
    }

    /// <summary>A write that failed may have been done all the same, only its answer was lost: what is there is not written again.</summary>
    private async Task LookUpAsync(CancellationToken cancellation)
    {
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var last = await db.Set<JournalEntry>().MaxAsync(entry => (long?)entry.Id, cancellation) ?? 0;
        Interlocked.Exchange(ref _lastId, last);
        if (last <= _log.LastId)
            _position = Math.Max(_position, last);
        _isUnsure = false;
    }

    private JournalEntry? EntryOf(FeedEvent happened, long id)
    {
        if (EventTypes.Of(happened.Message.Name) is not { } type)
            return null;
        using var body = JsonDocument.Parse(happened.Message.Bodies[0].Json.ToArray());
        var item = body.RootElement.GetProperty("item");
        return new() { Id = id, Type = type, Subject = $"{happened.Message.Name}/{item.GetProperty("id").GetString()}", At = _time.GetUtcNow(), Data = item.GetRawText() };
    }

    /// <summary>A kill can fall between an incident's row and its event. What the open incidents say now and the last event of each did not is sent
    /// as an event of this run; an orderly stop leaves nothing to do here. History that was imported is told to nobody.</summary>
    private async Task CatchUpAsync(FleetDb db, CancellationToken cancellation)
    {
        var recent = _time.GetUtcNow() - _keep;
        var rows = await db.Set<IncidentRecord>().AsNoTracking().Where(row => row.Source == IncidentSource.Report && (row.State != IncidentState.Closed || row.ReportedAt > recent)).ToListAsync(cancellation);
        var since = await db.Set<WebhookRecord>().MinAsync(webhook => webhook.CreatedAt, cancellation);
        foreach (var row in rows)
        {
            var subject = $"incident/{row.Id}";
            var last = await db.Set<JournalEntry>().AsNoTracking().Where(entry => entry.Subject == subject).OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellation);
            var created = row.ReachedAt(IncidentStage.IncidentCreated);
            if (last is null ? created > since && created > recent : Essence(JsonSerializer.Deserialize<IncidentView>(last.Data, _log.Json)!) != Essence(IncidentView.Of(row)))
                _log.Add("incident", IncidentView.Of(row));
        }
    }

    /// <summary>Without the one time that a store rounds to microseconds.</summary>
    private string Essence(IncidentView view) => JsonSerializer.Serialize(view with { ReportedAt = default }, _log.Json);

    private async Task CleanAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        if (now < _cleanAt)
            return;
        _cleanAt = now + CleanEvery;
        var oldest = now - _keep;
        await using var db = await _databases.CreateDbContextAsync(cancellation);
        var tooMany = await db.Set<JournalEntry>().OrderByDescending(entry => entry.Id).Skip(MostKept).Select(entry => entry.Id).FirstOrDefaultAsync(cancellation);
        await db.Set<JournalEntry>().Where(entry => entry.At < oldest || entry.Id <= tooMany).ExecuteDeleteAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "The events for the webhooks could not be written now")]
    private partial void LogNotWritten(Exception error);

    [LoggerMessage(LogLevel.Error, "{Count} events were not kept for the webhooks: the store took none for too long")]
    private partial void LogLost(long count);
}
