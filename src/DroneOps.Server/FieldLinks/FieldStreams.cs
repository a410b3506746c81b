namespace DroneOps.Server.FieldLinks;

/// <summary>What a phone has open of its link.</summary>
internal enum FieldUse
{
    /// <summary>The events of the incident.</summary>
    Follow,

    /// <summary>The picture of a drone.</summary>
    Watch,
}

/// <summary>Which phones follow which link: a bounded number each, and each hears at once when its link ends. Safe to share.</summary>
internal sealed class FieldStreams : IDisposable
{
    /// <summary>How many phones follow one link at a time, and how many pictures they watch.</summary>
    public const int MostOfLink = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<Place>> _places = [];
    private readonly FieldLinkBook _book;

    public FieldStreams(FieldLinkBook book)
    {
        _book = book;
        book.Ended += OnEnded;
    }

    /// <summary>Takes a place; null when all are taken.</summary>
    /// <param name="onEnded">Called when the link ends; must return at once.</param>
    public Place? Enter(Guid link, FieldUse use, Action onEnded)
    {
        lock (_gate)
        {
            if (!_places.TryGetValue(link, out var places))
                _places[link] = places = [];
            if (places.Count(place => place.Use == use) >= MostOfLink)
                return null;
            var place = new Place(this, link, use, onEnded);
            places.Add(place);
            return place;
        }
    }

    public void Dispose() => _book.Ended -= OnEnded;

    private void Leave(Place place)
    {
        lock (_gate)
        {
            if (_places.TryGetValue(place.Link, out var places) && places.Remove(place) && places.Count == 0)
                _places.Remove(place.Link);
        }
    }

    private void OnEnded(Guid link)
    {
        lock (_gate)
        {
            foreach (var place in _places.GetValueOrDefault(link, []))
                place.End();
        }
    }

    /// <summary>A phone's place.</summary>
    internal sealed class Place(FieldStreams streams, Guid link, FieldUse use, Action onEnded) : IDisposable
    {
        private volatile bool _hasEnded;

        public Guid Link => link;

        public FieldUse Use => use;

        /// <summary>Whether the link has ended since.</summary>
        public bool HasEnded => _hasEnded;

        public void End()
        {
            _hasEnded = true;
            onEnded();
        }

        public void Dispose() => streams.Leave(this);
    }
}
