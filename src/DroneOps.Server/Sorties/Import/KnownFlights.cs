using System.Security.Cryptography;
using System.Text;
using DroneOps.Server.Accounts;
using DroneOps.Server.Fleet;
using DroneOps.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace DroneOps.Server.Sorties.Import;

/// <summary>A drone as an imported flight names it.</summary>
/// <param name="Id">That of the fleet; or one made from the name, when the fleet has no such drone.</param>
internal sealed record NamedDrone(string Id, string Name, bool IsOfFleet);

/// <summary>What the flights of a file are measured by: the fleet, its people, and when each drone has flown already, those of the file among it.</summary>
internal sealed class KnownFlights
{
    /// <summary>Two clocks saw the same take-off when they differ by no more than this.</summary>
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, NamedDrone> _drones = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _people = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Book> _flown = new(StringComparer.Ordinal);

    private KnownFlights()
    {
    }

    /// <summary>Reads what does not grow with the file.</summary>
    public static async Task<KnownFlights> ReadAsync(FleetDb db, CancellationToken cancellation)
    {
        var known = new KnownFlights();
        foreach (var vehicle in await db.Set<VehicleRecord>().AsNoTracking().OrderBy(vehicle => vehicle.Number).ToListAsync(cancellation))
        {
            var drone = new NamedDrone(vehicle.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), vehicle.Name, true);
            known._drones.TryAdd(vehicle.Name, drone);
            if (vehicle.HardwareId is { } hardware)
                known._drones.TryAdd(hardware, drone);
        }

        foreach (var person in await db.Set<Account>().AsNoTracking().OrderBy(account => account.CreatedAt).Select(account => new { account.UserName, account.DisplayName }).ToListAsync(cancellation))
        {
            known._people.TryAdd(person.UserName!, $"user:{person.UserName}");
            known._people.TryAdd(person.DisplayName, $"user:{person.UserName}");
        }

        return known;
    }

    /// <summary>The drone of a flight: that of the fleet with its hardware id or its name, else one that is known by its name alone. The fleet is not
    /// added to: what it has is what was heard.</summary>
    public NamedDrone DroneOf(HistoricFlight flight)
    {
        if ((flight.HardwareId is { } hardware && _drones.TryGetValue(hardware, out var drone)) || _drones.TryGetValue(flight.Vehicle, out drone))
            return drone;
        var name = flight.Vehicle;
        return new($"import-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes((flight.HardwareId ?? name).ToUpperInvariant())))[..12]}", name, false);
    }

    /// <summary>A pilot as the log writes people: an account when the name is one's, else the name as it stands.</summary>
    public string? PersonOf(string? name) => name is null ? null : _people.GetValueOrDefault(name, name);

    /// <summary>The flight of a drone that a new one would be the same as, or would overlap; null when it is free.</summary>
    public async Task<(Flown Other, bool IsSame)?> CollisionAsync(FleetDb db, string vehicleId, DateTimeOffset takeoff, DateTimeOffset landed, CancellationToken cancellation)
    {
        if (!_flown.TryGetValue(vehicleId, out var flown))
        {
            _flown[vehicleId] = flown = new Book();
            var rows = await db.Set<SortieRecord>().AsNoTracking().Where(sortie => sortie.VehicleId == vehicleId).Select(sortie => new { sortie.Id, sortie.TakeoffAt, sortie.LandedAt, sortie.LastHeardAt }).ToListAsync(cancellation);
            foreach (var row in rows)
                flown.Add(new(row.Id, row.TakeoffAt, row.LandedAt ?? row.LastHeardAt, null));
        }

        return flown.Collision(takeoff, landed);
    }

    /// <summary>A flight of the file is taken.</summary>
    public void Add(string vehicleId, Flown flight) => _flown[vehicleId].Add(flight);

    /// <summary>When one drone flew, in order: a table of a hundred thousand flights asks as often.</summary>
    private sealed class Book
    {
        private readonly SortedSet<Flown> _flights = new(Comparer<Flown>.Create((one, other) => one.From == other.From ? one.Id.CompareTo(other.Id) : one.From.CompareTo(other.From)));
        private TimeSpan _longest;

        public void Add(Flown flight)
        {
            _flights.Add(flight);
            _longest = flight.To - flight.From > _longest ? flight.To - flight.From : _longest;
        }

        public (Flown Other, bool IsSame)? Collision(DateTimeOffset takeoff, DateTimeOffset landed)
        {
            (Flown, bool)? overlap = null;
            foreach (var other in _flights.GetViewBetween(At(takeoff - _longest - Same, Guid.Empty), At(landed + Same, Guid.AllBitsSet)))
            {
                if ((other.From - takeoff).Duration() <= Same && (other.To - landed).Duration() <= Same)
                    return (other, true);
                if (overlap is null && other.From < landed && other.To > takeoff)
                    overlap = (other, false);
            }

            return overlap;
        }

        private static Flown At(DateTimeOffset at, Guid id) => new(id, at, at, null);
    }

    /// <summary>When a drone flew.</summary>
    /// <param name="Row">Where in the file; null when it was there before.</param>
    internal sealed record Flown(Guid Id, DateTimeOffset From, DateTimeOffset To, int? Row);
}
