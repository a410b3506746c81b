using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DroneOps.Server.Api;
using MessagePack;
using MessagePack.Formatters;

namespace DroneOps.Server.Feed;

/// <summary>What a client wants to see.</summary>
/// <param name="Bounds">West, south, east, north in degrees; null is everywhere.</param>
/// <param name="Vehicles">Ids of vehicles; null is all.</param>
/// <param name="RateHz">How often a vehicle is sent at most, 1 to 10 per second.</param>
/// <param name="LastEventId">The last event the client has seen; null asks for the present picture.</param>
/// <param name="ChangesOnly">After its first snapshot, a vehicle's later ones hold only its id and the members that changed since the last
/// one the client was sent, a quarter of the bytes: the client merges them.</param>
/// <param name="EventsOnly">No positions, neither of vehicles nor of crews.</param>
[MessagePackFormatter(typeof(MessagePackForm))]
internal sealed record FeedRequest(double[]? Bounds, string[]? Vehicles, double RateHz = FeedRequest.UsualRateHz, long? LastEventId = null, bool ChangesOnly = false, bool EventsOnly = false)
{
    /// <summary>The rate of a client that asks for none.</summary>
    public const double UsualRateHz = 5;

    private const int MostVehicles = 1000;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Problem() => this switch
    {
        { RateHz: not (>= 1 and <= 10) } => "rateHz is 1 to 10.",
        { Bounds: { } bounds } when bounds.Length != 4 || bounds[1] > bounds[3] || !bounds.All(double.IsFinite) => "bounds is [west, south, east, north] in degrees, or null.",
        { Vehicles.Length: > MostVehicles } => $"vehicles names {MostVehicles} vehicles at most.",
        _ => null,
    };

    /// <summary>Clients with the same key are sent the same.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture,
        $"{RateHz:R} {ChangesOnly} {EventsOnly} {(Bounds is null ? "" : string.Join(',', Bounds.Select(degrees => degrees.ToString("R", CultureInfo.InvariantCulture))))} {(Vehicles is null ? "*" : JsonSerializer.Serialize(Vehicles.Order(StringComparer.Ordinal)))}");

    /// <summary>Whether a place is in the bounds. West of the date line may be east of it: west is then the greater number.</summary>
    public bool Covers(double longitudeDeg, double latitudeDeg) =>
        Bounds is not { } b
        || (latitudeDeg >= b[1] && latitudeDeg <= b[3] && (b[0] <= b[2] ? longitudeDeg >= b[0] && longitudeDeg <= b[2] : longitudeDeg >= b[0] || longitudeDeg <= b[2]));

    /// <summary>MessagePack names members as it likes; through JSON the contract's own spelling holds for it too.</summary>
    private sealed class MessagePackForm : IMessagePackFormatter<FeedRequest?>
    {
        private static readonly JsonSerializerOptions Json = Make();

        public FeedRequest? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            using var text = new StringWriter();
            MessagePackSerializer.ConvertToJson(ref reader, text, options);
            try
            {
                return JsonSerializer.Deserialize<FeedRequest>(text.ToString(), Json);
            }
            catch (JsonException problem)
            {
                throw new MessagePackSerializationException(problem.Message, problem);
            }
        }

        public void Serialize(ref MessagePackWriter writer, FeedRequest? value, MessagePackSerializerOptions options) => throw new NotSupportedException("The feed only receives requests.");

        private static JsonSerializerOptions Make()
        {
            var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
            ApiModule.ConfigureJson(json);
            json.NumberHandling = JsonNumberHandling.AllowReadingFromString;
            return json;
        }
    }
}
