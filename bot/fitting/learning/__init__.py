"""Learning from outcomes: weighed, tried beside the present, judged, taken up or not."""
